// Bundles the editor into a folder: node bundle.mjs TARGET [CONTENTS]
//
// CONTENTS is a file that gets esbuild's account of what went into the bundle.
//
// Sveltia's npm package loads on demand what most sites never use. What this one
// cannot reach (colouring of source code, maps, conversion of pictures, widgets of
// one's own, other languages) is left out, so that the folder holds only what may
// be asked for.

import { build } from 'esbuild';
import { copyFile, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const here = dirname(fileURLToPath(import.meta.url));
const sveltia = join(here, 'node_modules/@sveltia/cms');
const [, , target, contents] = process.argv;
if (!target) throw new Error('usage: node bundle.mjs TARGET [CONTENTS]');

const UNREACHABLE = [
  /^@shikijs\//,
  /^\.\/chunks\/(heic|react-dom|shiki-engine|webp_enc)/,
  /^(exifr|immutable|leaflet|svgo|terra-draw|terra-draw-leaflet-adapter)(\/|$)/,
  /^\.\.\/locales\/(?!de\.json$)/,
];

// The package brings its fonts along, but its styles still name a content delivery network beside them.
const FOREIGN_FONT = /https:\/\/cdn\.jsdelivr\.net\/fontsource\/fonts\/([\w-]+)(?::vf)?@[\d.]+\/([\w-]+)\.woff2/g;

const slim = {
  name: 'slim',
  setup({ onResolve, onLoad }) {
    onResolve({ filter: /./ }, ({ path, kind }) =>
      kind === 'dynamic-import' && UNREACHABLE.some((pattern) => pattern.test(path))
        ? { path: 'left-out', namespace: 'left-out' }
        : undefined,
    );
    onLoad({ filter: /./, namespace: 'left-out' }, () => ({ contents: 'export default {}' }));
    onLoad({ filter: /sveltia\/cms\/npm\/index\.js$/ }, async ({ path }) => ({
      contents: (await readFile(path, 'utf8')).replace(FOREIGN_FONT, (_, font, subset) => own(`${font}-${subset}-`)),
    }));
    // Sveltia's German lacks its newest sentences; ours fill the gaps and never replace one of theirs.
    onLoad({ filter: /locales\/de\.json$/ }, async ({ path }) => ({
      contents: JSON.stringify(merge(await read(join(here, 'de.json')), await read(path))),
      loader: 'json',
    }));
  },
};

const assets = await readdir(join(sveltia, 'npm/assets'));

const own = (start) => {
  const found = assets.find((name) => name.startsWith(start));
  if (!found) throw new Error(`no font ${start} in the package`);
  return `assets/${found}`;
};

const read = async (path) => JSON.parse(await readFile(path, 'utf8'));

const merge = (base, over) =>
  Object.entries(over).reduce(
    (all, [key, value]) => ({
      ...all,
      [key]: typeof value === 'object' ? merge(all[key] ?? {}, value) : value,
    }),
    base,
  );

await mkdir(join(target, 'assets'), { recursive: true });
const { metafile } = await build({
  entryPoints: [join(here, 'main.js')],
  outdir: target,
  bundle: true,
  splitting: true,
  format: 'esm',
  target: 'es2022',
  minify: true,
  legalComments: 'linked',
  metafile: true,
  chunkNames: '[name]-[hash]',
  plugins: [slim],
  logLevel: 'warning',
});
if (contents) await writeFile(contents, JSON.stringify(metafile));
for (const name of assets) {
  if (/\.(woff2|LICENSE\.txt)$/.test(name)) {
    await copyFile(join(sveltia, 'npm/assets', name), join(target, 'assets', name));
  }
}
await copyFile(join(here, 'redaktion.css'), join(target, 'redaktion.css'));
await copyFile(join(sveltia, 'LICENSE.txt'), join(target, 'sveltia-cms.LICENSE.txt'));

// The editor at /redaktion/: Sveltia CMS with the project's own way of reading and writing files.

import './german.js';

import * as CMS from '@sveltia/cms';

import { readRecord, writeRecord } from './record.js';

// A collection whose records lie in folders becomes one collection for each folder.
const perFolder = (collection, folders) =>
  folders.map(({ id, ...labels }) => ({
    ...collection,
    ...labels,
    name: `${collection.name}-${id}`,
    folder: `${collection.folder}/${id}`,
    fields: collection.fields.map((field) =>
      field.collection === collection.name ? { ...field, collection: `${collection.name}-${id}` } : field,
    ),
  }));

const { cms, folders, records } = await (await fetch('config.json')).json();
for (const [format, fields] of Object.entries(records)) {
  CMS.registerCustomFormat(format, 'md', {
    fromFile: (text) => readRecord(fields, text),
    toFile: (content) => writeRecord(fields, content),
  });
}
const collections = cms.collections.flatMap((collection) =>
  folders[collection.name] ? perFolder(collection, folders[collection.name]) : collection,
);
await CMS.init({ config: { ...cms, collections } });

// Sveltia forbids zooming on a phone; who sees badly needs it.
for (const meta of document.querySelectorAll('meta[name="viewport"]')) {
  meta.content = meta.content.replace(/,?\s*maximum-scale=[\d.]+/, '');
}

// Sveltia's button for a new entry opens an empty menu when it is pressed by a key; a click opens the form.
document.addEventListener(
  'keydown',
  (event) => {
    const button = event.target.closest?.('button[aria-keyshortcuts$="+E"]');
    if (button && (event.key === 'Enter' || event.key === ' ')) {
      event.preventDefault();
      event.stopImmediatePropagation();
      button.click();
    }
  },
  true,
);

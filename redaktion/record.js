// From the text of a record's file to what the editor shows, and back.
//
// Sveltia's own YAML would turn 2019 into a number, lists into many lines and every save into differences that nobody
// meant. Here each value stays the string that stands in the file, as in hooks/catalog/frontmatter.py, and files are
// written in the project's one way.

import { parse } from 'yaml';

import { recordFile } from '../overrides/assets/record-file.js';

const FENCE = /^---+[ \t]*$/;

export const readRecord = (fields, text) => {
  const lines = text.split('\n');
  const end = FENCE.test(lines[0]) ? lines.findIndex((line, number) => number > 0 && FENCE.test(line)) : -1;
  if (end < 0) throw new Error('Die Datei beginnt nicht mit Angaben zwischen zwei Zeilen „---“.');
  const data = parse(lines.slice(1, end).join('\n'), { schema: 'failsafe', maxAliasCount: 0 }) ?? {};
  for (const { key, kind } of fields) {
    if (kind === 'flag' && key in data) data[key] = data[key] === 'true'; // the editor's switches want true and false
  }
  return { ...data, body: lines.slice(end + 1).join('\n').trim() };
};

export const writeRecord = (fields, { body, ...content }) => {
  const data = said(content) ?? {};
  return recordFile(complete(fields, data), data, body ?? '');
};

// What is said, as strings; undefined where nothing is.
const said = (value) => {
  if (Array.isArray(value)) {
    const items = value.map(said).filter((item) => item !== undefined);
    return items.length ? items : undefined;
  }
  if (value && typeof value === 'object') {
    const entries = Object.entries(value).map(([key, inner]) => [key, said(inner)]);
    const kept = entries.filter(([, inner]) => inner !== undefined);
    return kept.length ? Object.fromEntries(kept) : undefined;
  }
  return value === undefined || value === null || value === false || !String(value).trim() ? undefined : String(value);
};

// The fields, and behind them whatever else the file says: an editor loaded yesterday must not lose today's new key.
const complete = (fields, data) => {
  const known = fields.map((field) => {
    const inside = [data[field.key]].flat().filter((item) => item && typeof item === 'object');
    return field.parts ? { ...field, parts: complete(field.parts, Object.assign({}, ...inside)) } : field;
  });
  const keys = new Set(fields.map(({ key }) => key));
  const others = Object.entries(data).filter(([key]) => !keys.has(key));
  return [...known, ...others.map(([key, value]) => shape(key, value))];
};

const shape = (key, value) => {
  const inside = Object.assign({}, ...[value].flat().filter((item) => typeof item === 'object'));
  const parts = Object.entries(inside).map(([name, inner]) => shape(name, inner));
  return { key, many: Array.isArray(value), kind: parts.length ? 'part' : 'line', parts };
};

// From a reader's words to what Pagefind is asked, and its answers merged into one ranking.
// Works on plain values and a Pagefind instance; knows nothing of the page.

// How much a hit counts by the way on which it was found; chosen on the judged queries of tests/search/.
export const WEIGHT = { direct: 1, abbreviation: 0.9, synonym: 0.7, related: 0.25, ending: 0.8, beginning: 0.5, inside: 0.5, parts: 0.7, half: 0.3, spelling: 0.9 };
const ALL = 1.5; // how much a page loses that lacks some of the words (power of the share that it has)
const PHRASE = 2; // how much more a page counts that has the query word for word
const WEAK = 0.1; // of the best score, before kinds are weighed; what is below it shares a side word only
const MOST_WORDS = 30; // of a query that are looked at; a pasted page would ask for thousands of variants
const MOST_NAME = 6; // words that may be a name, to be found word for word; longer queries are questions
const MOST_COMPOUNDS = 16; // variants of one word that are asked for, at most
const EVEN = 0.7; // how far the rarity of a variant is evened out to that of its concept: 0 not at all, 1 wholly

// What the index is told about ranking: a title counts as a heading of the text, not once more.
export const RANKING = { metaWeights: { title: 0, summary: 0, partner: 0, kategorie: 0, status: 0 }, pageLength: 0.1, termFrequency: 0.5, termSaturation: 1.4 };

// How much a page counts by what it is: readers look for practice first, and a short page on an organisation or a
// term would come before the measures.
const WEIGHT_OF_KIND = { massnahmen: 1, partner: 0.3, netzwerke: 0.3, organisationen: 0.1 };
const OTHER_KINDS = 0.2;

export function weightOfKind(kind) {
  return WEIGHT_OF_KIND[kind] ?? OTHER_KINDS;
}

// --- German words.

const GENDER_SIGN = /(?<=\p{L})(?:[*:_·]|\/-?|\()(?=in(?:nen)?\b)/giu;
const GENDER_CAPITAL = /(?<=\p{Ll})I(?=n(?:nen)?\b)/gu;
const FEMALE = /(er|ist|ent|ant|eur|or|ar|arzt)(?:innen|in)$/;
const JOINTS = ["es", "en", "s", "n", ""]; // what German puts between the parts of a compound
const ENDING = /(?:em|ern|er|en|es|e|s|n)$/;

// Lehrer*innen, Lehrer:innen, Lehrer/-innen, Lehrer(innen), LehrerInnen -> Lehrerinnen
export function withoutGenderSigns(text) {
  return text.replace(GENDER_SIGN, "").replace(/(?<=innen|in)\)/g, "").replace(GENDER_CAPITAL, "i");
}

// Umlauts and their spelling with e become the same letter.
export function fold(word) {
  const plain = word.toLowerCase().replaceAll("ß", "ss").replaceAll("ä", "a").replaceAll("ö", "o").replaceAll("ü", "u");
  return plain.replace(/(?<!q)([aou])e/g, "$1");
}

function shorten(word, ending) {
  let found = fold(word).replace(FEMALE, "$1");
  for (;;) {
    const shorter = found.replace(ending, "");
    if (shorter === found || shorter.length < 4) return found;
    found = shorter;
  }
}

// A key that inflections and gender forms of a word share; the same as rough_stem in hooks/catalog/german.py.
// It decides whether a word is known; what is asked for are words, which the index stems itself.
export function stem(word) {
  return shorten(word, ENDING);
}

// A finer key, which tells „Schüler“ from „Schule“; not all plurals of a word share it.
function base(word) {
  return shorten(word, /(?:en|es|e|s|n)$/);
}

export function tokens(text) {
  return withoutGenderSigns(text).match(/[\p{L}\p{N}]+(?:[-.,/][\p{L}\p{N}]+)*/gu) ?? [];
}

// Insertions, deletions, replacements and swaps of neighbours (optimal string alignment), up to a limit.
export function distance(one, other, most) {
  if (Math.abs(one.length - other.length) > most) return most + 1;
  let [last, before] = [[], Array.from({ length: other.length + 1 }, (_, place) => place)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      row[j] = Math.min(before[j] + 1, row[j - 1] + 1, before[j - 1] + (one[i - 1] === other[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) row[j] = Math.min(row[j], last[j - 2] + 1);
    }
    if (Math.min(...row) > most) return most + 1;
    [last, before] = [before, row];
  }
  return before[other.length];
}

// --- The words of the site.

export class Lexicon {
  // data: suche/woerter.json
  constructor(data) {
    this.forms = new Map(); // stem -> words of the index, one for each of its own stems
    this.folded = new Map(); // stem -> these words, folded: each search compares all of them many times
    this.pages = new Map(); // stem -> number of pages with it, as its bit length
    this.stop = new Set(data.stop.split(" "));
    this.bases = new Set(); // finer keys of these words
    this.meanings = new Map(); // phrase as finer keys -> what means the same: [{ key, phrase, how }]
    this.similar = new Map(); // phrase as stems -> those phrases that have these stems
    this.longest = 1; // words of a phrase
    this.add(data);
    const groupOf = new Map(data.synonyms.flatMap((group) => group.map((word) => [word.toLowerCase(), group])));
    for (const group of data.synonyms) this.join([group], "synonym");
    // What is related to a word is related to its synonyms too.
    for (const group of data.related) this.join(group.map((word) => groupOf.get(word.toLowerCase()) ?? [word]), "related");
    for (const pair of data.abbreviations) this.join([pair], "abbreviation");
  }

  // The words of this site, or of another one that is searched with it.
  add({ words, pages }) {
    let before = "";
    let number = 0;
    for (const [, shared, rest] of words.matchAll(/([#-@])([^#-@]*)/g)) {
      const word = before.slice(0, shared.charCodeAt(0) - 35) + rest;
      const key = stem(word);
      const forms = [...new Set([...(this.forms.get(key) ?? []), word])];
      this.forms.set(key, forms);
      this.folded.set(key, forms.map(fold));
      this.bases.add(base(word));
      this.pages.set(key, Math.max(this.pages.get(key) ?? 0, pages.charCodeAt(number++) - 48));
      before = word;
    }
  }

  isStop(word) {
    return this.stop.has(word.toLowerCase());
  }

  key(words, keyOf = stem) {
    return words.filter((word) => !this.isStop(word)).map(keyOf).join(" ");
  }

  // Phrases mean the same within a group; of several groups, each phrase leads to those of the others.
  join(groups, how) {
    const phrases = groups.flatMap((group, number) => group.map((phrase) => ({ words: tokens(phrase), phrase, how, number })));
    for (const entry of phrases) {
      entry.key = this.key(entry.words);
      entry.fine = this.key(entry.words, base);
      this.longest = Math.max(this.longest, entry.key.split(" ").length);
      this.similar.set(entry.key, (this.similar.get(entry.key) ?? new Set()).add(entry.fine));
    }
    for (const { fine, number } of phrases) {
      const others = phrases.filter((other) => other.fine !== fine && (groups.length === 1 || other.number !== number));
      this.meanings.set(fine, [...(this.meanings.get(fine) ?? []), ...others]);
    }
  }

  // What means the same as some words. If the thesaurus does not have them as they are, what it has for other forms
  // of them counts, unless the texts have them as a word of its own: „Schule“ is no form of „Schüler“.
  meaningsOf(words) {
    const fine = this.key(words, base);
    if (this.meanings.has(fine)) return this.meanings.get(fine);
    return this.bases.has(fine) ? [] : this.meaningsOfStems(this.key(words));
  }

  meaningsOfStems(key) {
    return [...(this.similar.get(key) ?? [])].flatMap((fine) => this.meanings.get(fine));
  }

  // Words of the site of which a word is a part, first those that end in it, the common ones before others.
  compounds(key, word) {
    const parts = (this.folded.get(key) ?? [fold(word)]).filter((part) => part.length > 3 && !/\d/.test(part));
    const found = [];
    for (const [other, forms] of this.folded) {
      if (other === key || other.length < key.length + 3) continue;
      const place = (part) => (this.endsIn(other, forms, part) ? 0 : this.beginsWith(other, part) ? 1 : part.length > 5 && other.includes(part, 1) ? 2 : 3);
      const best = Math.min(3, ...parts.map(place));
      if (best < 3) found.push([other, ["ending", "beginning", "inside"][best], 100 * best - this.pages.get(other)]);
    }
    return found.sort((a, b) => a[2] - b[2]).slice(0, MOST_COMPOUNDS);
  }

  // Whether a compound ends in a part; before a short one must stand a known word, or „Mitveranstalter“ would end in „Alter“.
  endsIn(compound, forms, part) {
    const whole = [compound, ...forms].find((form) => form.endsWith(part));
    return whole !== undefined && (part.length > 5 || this.before(whole.slice(0, -part.length)) !== null);
  }

  // Whether a compound begins with a part and a known word follows, or „Vereinbarung“ would begin with „Verein“.
  beginsWith(compound, part) {
    if (!compound.startsWith(part)) return false;
    const rest = compound.slice(part.length);
    return JOINTS.some((joint) => rest.startsWith(joint) && this.forms.has(rest.slice(joint.length)));
  }

  // The known word that is the first part of a compound, without what joins it to the second.
  before(left) {
    for (const joint of JOINTS) {
      const key = stem(left.slice(0, left.length - joint.length));
      if (left.endsWith(joint) && this.forms.has(key)) return key;
    }
    return null;
  }

  // The two known words of which an unknown compound consists; the right one as long as possible.
  parts(key) {
    for (let cut = 4; cut <= key.length - 4; cut++) {
      const right = stem(key.slice(cut));
      if (!this.forms.has(right)) continue;
      const left = this.before(key.slice(0, cut));
      if (left) return [left, right];
    }
    return null;
  }

  // Known words that are spelled much like an unknown one, the nearest first.
  nearest(key) {
    if (key.length < 4 || /\d/.test(key)) return [];
    const most = key.length < 8 ? 1 : 2;
    const words = new Set([...this.forms.keys(), ...this.similar.keys()]);
    return this.byDistance([...words].map((word) => ({ word, away: distance(key, word, most) })), most);
  }

  // Known words that a text may have been meant to be, when nothing at all was found.
  alike(text) {
    const folded = fold(text);
    const most = Math.ceil(folded.length / 3);
    const found = [...this.folded].map(([word, forms]) => ({ word, away: Math.min(...forms.map((form) => distance(folded, form, most))) }));
    return this.byDistance(found, most).slice(0, 4).map((word) => this.shown(word));
  }

  byDistance(found, most) {
    const pages = (word) => this.pages.get(word) ?? 0;
    return found.filter(({ away }) => away <= most).sort((a, b) => a.away - b.away || pages(b.word) - pages(a.word)).map(({ word }) => word);
  }

  // A word as readers write it.
  shown(key) {
    return this.forms.get(key)?.[0] ?? key;
  }
}

// --- One thing that is sought, in all its variants.

export class Concept {
  constructor(text) {
    this.text = text;
    this.variants = new Map(); // what Pagefind is asked, in quotes if it must stand exactly so -> weight
    this.also = []; // what was asked for besides the reader's own words: { how, word }
  }

  ask(text, weight) {
    if (weight > (this.variants.get(text) ?? 0)) this.variants.set(text, weight);
  }

  static exact(text) {
    const concept = new Concept(text);
    concept.ask(`"${text}"`, WEIGHT.direct);
    return concept;
  }

  static of(lexicon, words) {
    const concept = new Concept(words.join(" "));
    const key = lexicon.key(words) || words.map(stem).join(" ");
    if (words.length > 1) concept.askAll(words);
    else if (/[^\p{L}]/u.test(concept.text)) concept.askSpecial();
    else concept.addWord(lexicon, key, words[0], WEIGHT.direct);
    concept.addMeanings(lexicon, lexicon.meaningsOf(words), 1);
    if (!concept.variants.size) concept.guess(lexicon, key);
    return concept;
  }

  // A phrase: all its words, or, counting less, one of them.
  askAll(words) {
    this.ask(this.text, WEIGHT.direct);
    for (const word of words) this.ask(word, WEIGHT.half);
  }

  // Numbers, dates and words with hyphens; texts write a date out.
  askSpecial() {
    this.ask(this.text, WEIGHT.direct);
    const [, day, month, year] = this.text.match(/^(\d{1,2})\.(\d{1,2})\.(\d{4})$/) ?? [];
    if (!month) return;
    const name = new Intl.DateTimeFormat("de", { month: "long" }).format(new Date(2000, month - 1));
    this.ask(`"${Number(day)} ${name} ${year}"`, WEIGHT.direct);
  }

  addWord(lexicon, key, word, weight) {
    for (const form of lexicon.forms.get(key) ?? []) this.ask(form, weight);
    for (const [other, how] of lexicon.compounds(key, word)) {
      for (const form of lexicon.forms.get(other)) this.ask(form, weight * WEIGHT[how]);
    }
  }

  addMeanings(lexicon, meanings, weight) {
    for (const { key: other, phrase, how } of meanings) {
      const before = this.variants.size;
      if (other.includes(" ")) this.ask(phrase, weight * WEIGHT[how]);
      else this.addWord(lexicon, other, phrase, weight * WEIGHT[how]);
      if (this.variants.size > before) this.also.push({ how, word: phrase });
    }
  }

  // An unknown word: what it consists of, or what was probably meant.
  guess(lexicon, key) {
    const parts = lexicon.parts(key);
    if (parts) {
      const [left, right] = parts.map((part) => lexicon.forms.get(part));
      for (const one of left) for (const other of right) this.ask(`${one} ${other}`, WEIGHT.parts);
      for (const one of [...left, ...right]) this.ask(one, WEIGHT.half);
      this.also.push({ how: "parts", word: `${left[0]} + ${right[0]}` });
      return;
    }
    const [nearest] = lexicon.nearest(key);
    if (!nearest) return;
    this.also.push({ how: "spelling", word: lexicon.shown(nearest) });
    this.addWord(lexicon, nearest, lexicon.shown(nearest), WEIGHT.spelling);
    this.addMeanings(lexicon, lexicon.meaningsOfStems(nearest), WEIGHT.spelling);
  }
}

const QUOTED = /["„“]([^"„“”]+)["“”]/g;

// What is sought by a query: its concepts, without the words that say nothing. What stands in quotes is taken literally.
export function concepts(lexicon, query, literally = false) {
  const phrases = [...query.matchAll(QUOTED)].map(([, text]) => tokens(text).slice(0, MOST_WORDS).join(" "));
  const quoted = phrases.filter(Boolean).map(Concept.exact);
  const all = tokens(query.replace(QUOTED, " ")).slice(0, MOST_WORDS);
  if (literally) return [...quoted, ...all.map(Concept.exact)];
  const telling = all.filter((word) => !lexicon.isStop(word));
  return [...quoted, ...grouped(lexicon, telling.length || quoted.length ? telling : all)];
}

// Words that mean something together are one concept, the longest such run first.
function* grouped(lexicon, words) {
  for (let start = 0; start < words.length;) {
    let length = Math.min(lexicon.longest, words.length - start);
    while (length > 1 && !lexicon.meaningsOf(words.slice(start, start + length)).length) length--;
    yield Concept.of(lexicon, words.slice(start, start + length));
    start += length;
  }
}

// The words that were asked for, as stems: what to mark in a text. Of a phrase only the reader's own words:
// „Arbeit“ alone is not the Agentur für Arbeit.
export function soughtStems(sought) {
  const words = sought.flatMap(({ text, variants }) => [text, ...[...variants.keys()].filter((variant) => !variant.includes(" "))]);
  return new Set(words.flatMap(tokens).map(stem));
}

// --- Asking and merging.

// What Pagefind answers, remembered: variants come again with each further letter.
export function remembering(pagefind) {
  const answers = new Map();
  return (text) => {
    if (!answers.has(text)) {
      const asking = pagefind.search(text).then((answer) => once(answer.results));
      asking.catch(() => answers.delete(text)); // so that the next search asks again
      answers.set(text, asking);
    }
    return answers.get(text);
  };
}

// A page that several sites have alike is found once, or it would seem more common than it is.
function once(results) {
  const best = new Map();
  for (const result of results) if (!(best.get(result.id)?.score >= result.score)) best.set(result.id, result);
  return [...best.values()];
}

const idsOf = (results) => new Set(results.map((result) => result.id));

// The pages that have a variant, with Pagefind's score. It takes the beginning of a word for the word, „Kita“ for
// „KI“, and gives words in quotes no score; so those pages count that it finds both ways.
async function ask(search, text) {
  const plain = text.replaceAll('"', "");
  const exact = plain === text ? plain.split(" ").map((word) => `"${word}"`) : [text];
  const [found, ...having] = await Promise.all([plain, ...exact].map(search));
  const sets = having.map(idsOf);
  return found.filter((result) => sets.every((ids) => ids.has(result.id)));
}

const rarity = (pages, total) => Math.log(1 + (total - pages + 0.5) / (pages + 0.5));

// For each page the best of a concept's variants. All variants together are as rare as the concept: a rare synonym
// does not outweigh the common word that was typed.
async function scores(search, concept, total) {
  const variants = await Promise.all([...concept.variants].map(async ([text, weight]) => [await ask(search, text), weight, text]));
  const together = new Set(variants.filter(([, weight]) => weight >= 0.5).flatMap(([results]) => results.map((result) => result.id)));
  const best = new Map();
  for (const [results, weight, text] of variants) {
    const scale = (weight * (rarity(together.size, total) / rarity(results.length, total)) ** EVEN) / Math.sqrt(text.split(" ").length);
    for (const result of results) {
      const score = scale * result.score;
      if (score > (best.get(result.id)?.score ?? 0)) best.set(result.id, { score, result });
    }
  }
  return best;
}

// All pages that fit any of the concepts, best first: { id, result, score, matched }. Pages that fit more of them come
// first in proportion (coordination). weightOf: how much a page counts by what it is;
// total: number of all pages; all: whether a page must fit all concepts.
export async function find(search, query, sought, { weightOf, total, all }) {
  const asked = sought.filter((concept) => concept.variants.size);
  const words = tokens(query);
  const literal = idsOf(words.length > 1 && words.length <= MOST_NAME ? await search(`"${words.join(" ")}"`) : []);
  const found = await Promise.all(asked.map((concept) => scores(search, concept, total)));
  const totals = new Map();
  for (const [id, { score, result }] of found.flatMap((best) => [...best])) {
    const { sum = 0, matched = 0 } = totals.get(id) ?? {};
    totals.set(id, { id, result, sum: sum + score, matched: matched + 1 });
  }
  const needed = all ? sought.length : 1;
  const fitting = [...totals.values()].filter(({ matched }) => matched >= needed)
    .map((hit) => ({ ...hit, fit: hit.sum * (hit.matched / asked.length) ** ALL * (literal.has(hit.id) ? PHRASE : 1) }));
  const least = WEAK * Math.max(...fitting.map(({ fit }) => fit));
  return fitting.filter(({ fit }) => fit >= least).map((hit) => ({ ...hit, score: hit.fit * weightOf(hit.id) }))
    .sort((a, b) => b.score - a.score || (a.id < b.id ? -1 : 1));
}

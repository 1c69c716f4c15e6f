// German unless an editor has chosen another language; a browser set to English would be answered in English.
// A module of its own, since Sveltia reads the language while it is being loaded.

const PREFERENCES = 'sveltia-cms.prefs';

const preferences = JSON.parse(localStorage.getItem(PREFERENCES) ?? '{}');
if (!preferences.locale) {
  localStorage.setItem(PREFERENCES, JSON.stringify({ ...preferences, locale: 'de' }));
}

// Package i18n holds every word Broadsheet says, in the languages it speaks:
// English, German, French, Spanish, Brazilian Portuguese and Japanese.
//
// A message is found by its id in an embedded catalogue, one JSON file per
// language under locales/: a flat object from id to text, or from id to an
// object of plural forms ("one", "other" …) named as in Unicode's CLDR.
// {name} in a text is replaced by the argument of that name; the argument "n"
// also selects the plural form.
//
// Locales are Discord's own codes (Discord documentation, "Locales"); codes
// that have no catalogue fall back to their base language, then to English.
package i18n

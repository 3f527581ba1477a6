// Package summarize condenses news articles of any language by choosing
// sentences from them.
//
// It owns language detection, sentence splitting, tokens and stems, the ranking
// of sentences with its learned weights, and the removal of trailing boilerplate
// from plain text. Sentences of a summary are verbatim pieces of the text, in the
// text's order. The package does no I/O and keeps no state; its functions may be
// called from any number of goroutines, and the work for one text is bounded.
package summarize

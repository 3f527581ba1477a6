package feeds

import (
	"broadsheet/feeds/article"
)

// Fingerprint is the hash of a block of text (article.Fingerprint).
type Fingerprint = article.Fingerprint

// Known are blocks of text that are furniture (article.Known).
type Known = article.Known

// furnitureItems is in how many items of a document a block must stand to be
// furniture.
const furnitureItems = 3

// Repeated returns the lines and sentences that stand first or last in the
// texts of three or more items of a document: what a publisher puts around
// everything ("This article is from …"), and no item's own words. Items of the
// same text count as one.
func Repeated(items []Item) Known {
	if len(items) < furnitureItems {
		return nil
	}
	count := make(map[Fingerprint]int, 8*len(items))
	texts := make(map[string]bool, len(items))
	for i := range items {
		if text := items[i].Text; !texts[text] {
			texts[text] = true
			for _, block := range article.Ends(text) {
				count[block]++
			}
		}
	}
	var all Known
	for block, n := range count {
		if n < furnitureItems {
			continue
		}
		if all == nil {
			all = Known{}
		}
		all[block] = true
	}
	return all
}

// Trim takes furniture off an item's text: what is known, at both ends, and
// lines that are furniture by their words, at its end. An item that is nothing
// else stays as it is, and one whose last line said that the article goes on
// elsewhere ends with an ellipsis that says so still (Teaser).
func Trim(it *Item, known Known) {
	text := article.TrimTail(article.Trim(it.Text, known))
	if text == "" || text == it.Text {
		return
	}
	if endsOpen(it.Text) && !endsOpen(text) {
		text += " …"
	}
	it.Text = text
}

// StripPage takes known furniture out of the text of a page (article.Strip).
func StripPage(text string, known Known) string { return article.Strip(text, known) }

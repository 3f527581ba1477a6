package feeds

import (
	"broadsheet/feeds/article"
)

// Fingerprint is the hash of a block of text (article.Fingerprint).
type Fingerprint = article.Fingerprint

// furnitureItems is in how many items of a document a block must stand to be
// furniture.
const furnitureItems = 3

// Repeated returns the lines and sentences that stand first or last in the
// texts of three or more items of a document: what a publisher puts around
// everything ("This article is from …"), and no item's own words. Items of the
// same text count as one.
func Repeated(items []Item) map[Fingerprint]bool {
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
	var all map[Fingerprint]bool
	for block, n := range count {
		if n < furnitureItems {
			continue
		}
		if all == nil {
			all = map[Fingerprint]bool{}
		}
		all[block] = true
	}
	return all
}

// Ends returns the blocks at the ends of the items' texts, each once.
func Ends(items []Item) []Fingerprint {
	var all []Fingerprint
	seen := map[Fingerprint]bool{}
	for i := range items {
		for _, block := range article.Ends(items[i].Text) {
			if !seen[block] {
				seen[block] = true
				all = append(all, block)
			}
		}
	}
	return all
}

// Trim takes known furniture off both ends of the items' texts. An item that is
// nothing else stays as it is, and one whose last line said that the article
// goes on elsewhere ends with an ellipsis that says so still (Teaser).
func Trim(items []Item, known map[Fingerprint]bool) {
	if len(known) == 0 {
		return
	}
	for i := range items {
		text := article.Trim(items[i].Text, known)
		if text == "" || text == items[i].Text {
			continue
		}
		if endsOpen(items[i].Text) && !endsOpen(text) {
			text += " …"
		}
		items[i].Text = text
	}
}

// StripPage takes known furniture out of the text of a page (article.Strip).
func StripPage(text string, known map[Fingerprint]bool) string { return article.Strip(text, known) }

package feeds

import "time"

// KnownItem is what is remembered of the item that has a key.
type KnownItem struct {
	// Article is the caller's id of the article that the item became, 0 if only
	// the key is remembered.
	Article int64
	// Content and Published are that article's; both are zero if it has been
	// deleted since.
	Content   uint64
	Published time.Time
}

// Alias is one more key of an item that is known already.
type Alias struct {
	Key Key
	// Article is the id of the article that the item became, 0 if unknown.
	Article int64
}

// Edit is a known item that does not say what it said before.
type Edit struct {
	Article int64
	Item    Item
}

// Sifted is what Sift finds.
type Sifted struct {
	// Fresh are the items not known yet, in document order.
	Fresh []Item
	// Edits are the known items whose content has changed.
	Edits []Edit
	// Seen are keys to remember that belong to known items and to items held
	// back. They do not repeat known keys. Those of fresh items, Weak included,
	// are to be remembered with their articles.
	Seen []Alias
	// Held counts the items that look new and are not: the publisher gave new
	// ids and links to articles whose titles are known.
	Held int
	// Gap reports that the feed has been read before and nothing in the document
	// is known: items may have come and gone between two visits.
	Gap bool
}

// KeysOf returns every key that Sift looks up for items.
func KeysOf(items []Item) []Key {
	keys := make([]Key, 0, 4*len(items))
	for i := range items {
		keys = append(keys, items[i].Keys...)
		if items[i].Weak != 0 {
			keys = append(keys, items[i].Weak)
		}
	}
	return keys
}

// Sift tells the items of a document into known and fresh ones. known holds
// what is remembered by the document's own keys (see KeysOf); again says that
// the feed has brought items before.
//
// An item is known if any of its Keys is. There are two cases in which its Weak
// key is enough. When more than half of a feed turns new at once, and the titles
// of no less than half of that are known: a publisher's new software rewrites ids
// and links, but not titles and dates. A feed that is merely fast (earthquakes,
// traffic) has few titles that another article of the day had, too. And when the
// article of that title was published at the very same moment and is missing
// from the document: it has been given another address, which is its id too.
func Sift(items []Item, known map[Key]KnownItem, again bool) Sifted {
	s := sifter{items: items, known: known, of: make([]KnownItem, len(items)), old: make([]bool, len(items)),
		present: make(map[int64]bool, len(items)), added: make(map[Key]bool, 4*len(items))}
	s.recognise(again)
	s.collect()
	s.Gap = again && len(s.Fresh) > 0 && !s.met
	return s.Sifted
}

// sifter is one run of Sift.
type sifter struct {
	Sifted
	items   []Item
	known   map[Key]KnownItem
	of      []KnownItem    // what each item is known as,
	old     []bool         // if it is
	met     bool           // one is
	present map[int64]bool // articles that are in the document
	added   map[Key]bool   // keys that the caller is going to remember
}

// recognise finds out what each item is known as.
func (s *sifter) recognise(again bool) {
	unknown, familiar := 0, 0
	for i := range s.items {
		for _, key := range s.items[i].Keys {
			if k, ok := s.known[key]; ok {
				s.claim(i, k)
				break
			}
		}
		if !s.old[i] && says(&s.items[i]) {
			unknown++
			if _, ok := s.known[s.items[i].Weak]; ok {
				familiar++
			}
		}
	}
	flood := again && len(s.items) > 2 && 2*unknown > len(s.items) && 2*familiar >= unknown
	for i := range s.items {
		it := &s.items[i]
		if s.old[i] || !says(it) {
			continue
		}
		if k, ok := s.known[it.Weak]; ok && (flood || s.readdressed(k, it)) {
			s.claim(i, k)
			s.Held++
		}
	}
}

// says reports whether an item has anything that could be shown.
func says(it *Item) bool { return it.Title != "" || it.Link != "" }

// claim notes what item i is known as.
func (s *sifter) claim(i int, k KnownItem) {
	s.of[i], s.old[i], s.met = k, true, true
	if k.Article != 0 {
		s.present[k.Article] = true
	}
}

// readdressed reports whether it is the article k with another address. Two
// articles with one title on one day (a traffic report) differ in the hour, or
// both are there.
func (s *sifter) readdressed(k KnownItem, it *Item) bool {
	return k.Article != 0 && !s.present[k.Article] && !it.Published.IsZero() && k.Published.Equal(it.Published.Truncate(time.Millisecond))
}

// collect fills what Sift returns.
func (s *sifter) collect() {
	fresh := make([]bool, len(s.items))
	for i := range s.items {
		it := &s.items[i]
		if s.old[i] || !says(it) || anyIn(it.Keys, s.added) { // the last: the document repeats it
			continue
		}
		fresh[i] = true
		for _, key := range it.Keys {
			s.added[key] = true
		}
		s.Fresh = append(s.Fresh, *it)
	}
	for i := range s.Fresh {
		s.added[s.Fresh[i].Weak] = true
	}
	edited := map[int64]bool{}
	for i := range s.items {
		it, k := &s.items[i], s.of[i]
		if fresh[i] {
			continue
		}
		if k.Content != 0 && it.Content != 0 && k.Content != it.Content && !edited[k.Article] {
			s.Edits = append(s.Edits, Edit{Article: k.Article, Item: *it})
		}
		edited[k.Article] = true // of two versions in one document the first counts
		for _, key := range it.Keys {
			s.remember(key, k.Article)
		}
		s.remember(it.Weak, k.Article)
	}
}

func (s *sifter) remember(key Key, article int64) {
	if _, ok := s.known[key]; key == 0 || ok || s.added[key] {
		return
	}
	s.added[key] = true
	s.Seen = append(s.Seen, Alias{Key: key, Article: article})
}

// anyIn reports whether one of keys is in set.
func anyIn(keys []Key, set map[Key]bool) bool {
	for _, key := range keys {
		if set[key] {
			return true
		}
	}
	return false
}

package feeds

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/cespare/xxhash/v2"
)

// setKeys gives every item the keys by which it may be recognised later, and
// leaves out those that cannot tell it from another item of the document.
//
// The kinds, strongest first: the raw id; the id without scheme and "www.",
// also without the host where the whole feed has one host; the link without
// scheme, "www." and tracking; where there is no id, the title with its day; if
// nothing is left, everything together.
func setKeys(f *Feed) {
	d := newDrafts(f)
	for i := range f.Items {
		it := &f.Items[i]
		it.Keys = it.Keys[:0]
		for kind := range d.of(i) {
			key := d.of(i)[kind]
			if key == 0 || kind == titleKey || !d.telling(i, kind) {
				continue
			}
			it.Keys = append(it.Keys, key)
		}
		if title := d.of(i)[titleKey]; title != 0 && d.telling(i, titleKey) {
			it.Weak = title
			// Without an id of its own a volatile link would bring the item again.
			if d.of(i)[idKey] == 0 || !d.telling(i, idKey) {
				it.Keys = append(it.Keys, title)
			}
		}
		if len(it.Keys) == 0 {
			it.Keys = append(it.Keys, hashKey("all", it.ID+"\x00"+it.Link+"\x00"+it.Title))
		}
		it.Content = contentHash(it)
	}
}

// contentHash is the hash of what an item says: its title and its text. Author,
// link, pictures and dates are left out, since tokens in them change with every
// build of many feeds, and so is a count behind the title: "Bridge closes (14)".
func contentHash(it *Item) uint64 {
	return uint64(hashKey(withoutCount(it.Title), it.Text))
}

// withoutCount cuts a last bracket with a number in it, and at most one word
// beside, from a title: publishers count comments there.
func withoutCount(title string) string {
	title = strings.TrimSpace(title)
	if !strings.HasSuffix(title, ")") && !strings.HasSuffix(title, "]") {
		return title
	}
	begin := strings.LastIndexAny(title, "([")
	if begin <= 0 {
		return title
	}
	inner := title[begin+1 : len(title)-1]
	if !strings.ContainsFunc(inner, unicode.IsDigit) || len(strings.Fields(inner)) > 2 {
		return title
	}
	return strings.TrimSpace(title[:begin])
}

// The kinds of keys.
const (
	idKey = iota
	tailKey
	linkKey
	titleKey
	keyKinds
)

// drafts are the keys of a document's items before the collision rules.
type drafts struct {
	keys   [][keyKinds]Key
	sums   []Key                 // what makes two items the same one
	owners [keyKinds]map[Key]Key // the sum of the first item with a key
	shared [keyKinds]map[Key]bool
}

func newDrafts(f *Feed) *drafts {
	d := &drafts{keys: make([][keyKinds]Key, len(f.Items)), sums: make([]Key, len(f.Items))}
	for kind := range keyKinds {
		d.owners[kind] = make(map[Key]Key, len(f.Items))
		d.shared[kind] = map[Key]bool{}
	}
	oneHost := oneIDHost(f.Items)
	site := bareURL(f.Link)
	for i := range f.Items {
		it := &f.Items[i]
		d.keys[i] = draftKeys(it, site, oneHost)
		d.sums[i] = hashKey("same", it.ID+"\x00"+it.Link+"\x00"+it.Title)
		for kind, key := range d.keys[i] {
			if key == 0 {
				continue
			}
			if first, ok := d.owners[kind][key]; !ok {
				d.owners[kind][key] = d.sums[i]
			} else if first != d.sums[i] {
				d.shared[kind][key] = true
			}
		}
	}
	return d
}

func (d *drafts) of(i int) [keyKinds]Key { return d.keys[i] }

// telling reports whether no other item of the document has the same key of
// that kind. An item that the document simply repeats is no other.
func (d *drafts) telling(i, kind int) bool { return !d.shared[kind][d.keys[i][kind]] }

func draftKeys(it *Item, site string, oneHost bool) (k [keyKinds]Key) {
	if id := strings.TrimSpace(it.ID); !blankID(id) {
		k[idKey] = hashKey("id", id)
		if _, ok := webURL(id); ok {
			tail := bareURL(id)
			if _, path, ok := strings.Cut(tail, "/"); ok && oneHost && path != "" {
				tail = path
			}
			k[tailKey] = hashKey("tail", tail)
		}
	}
	// A link to the front page says nothing about the item.
	if bare := bareURL(it.Link); it.Link != "" && bare != site && strings.ContainsAny(bare, "/?#") {
		k[linkKey] = hashKey("link", bare)
	}
	if title := foldTitle(it.Title); telling(title) {
		day := ""
		if at := it.Published; !at.IsZero() {
			day = at.UTC().Format("2006-01-02")
		}
		k[titleKey] = hashKey("title", title+"\x00"+day)
	}
	return k
}

// blankID reports ids that publishers' software writes when it has none.
func blankID(id string) bool {
	switch strings.ToLower(id) {
	case "", "n/a", "na", "none", "null", "nil", "undefined", "unknown", "0", "-1", "-", "#", "false", "true", "guid", "id":
		return true
	}
	return false
}

// oneIDHost reports whether all ids that are addresses have the same host; in a
// planet's feed they do not, and their paths alone could collide.
func oneIDHost(items []Item) bool {
	host := ""
	for i := range items {
		u, ok := webURL(items[i].ID)
		if !ok {
			continue
		}
		h := strings.TrimPrefix(strings.ToLower(u.Hostname()), "www.")
		if host != "" && h != host {
			return false
		}
		host = h
	}
	return true
}

// foldTitle brings a title to the form in which small corrections of case,
// punctuation and spacing do not show.
func foldTitle(title string) string {
	var b strings.Builder
	b.Grow(len(title))
	gap := false
	for _, r := range title {
		if !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			gap = true
			continue
		}
		if gap && b.Len() > 0 {
			b.WriteByte(' ')
		}
		gap = false
		b.WriteRune(unicode.ToLower(r))
	}
	return b.String()
}

// telling reports whether a folded title has the four words that make it
// unlikely to be used for two articles of one day. Scripts without spaces
// count two characters as a word.
func telling(title string) bool {
	words := 0
	for word := range strings.FieldsSeq(title) {
		words++
		if r, _ := utf8.DecodeRuneInString(word); r >= 0x0E00 {
			words += utf8.RuneCountInString(word) / 2
		}
	}
	return words >= 4
}

// hashKey hashes a key's kind and content; the result is never 0.
func hashKey(kind, content string) Key {
	var d xxhash.Digest
	d.Reset()
	// A Digest's writes never fail.
	_, _ = d.WriteString(kind)
	_, _ = d.WriteString("\x00")
	_, _ = d.WriteString(content)
	if sum := d.Sum64(); sum != 0 {
		return Key(sum)
	}
	return 1
}

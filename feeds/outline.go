package feeds

import "bytes"

// Bounds on a document before a parser sees it. gofeed spends 269 MB on 2 MB of
// nested unknown elements, and two maps on every one of them however flat.
const (
	maxItems    = 500      // items of one document
	maxDepth    = 64       // nested elements
	maxNodes    = 40_000   // elements, comments and CDATA sections in all
	maxAttrs    = 64       // attributes of one element
	maxTag      = 64 << 10 // bytes of a tag
	maxItemSize = 1 << 20  // bytes of an item, or of a text outside of items
)

// itemSpan is where an item lies in a document, with the parts that gofeed does
// not hand out as they were written.
type itemSpan struct {
	span
	open span // the start tag
	id   span // the content of its <id> or <guid>, empty if it has none
	// texts are the contents of its long text elements, as far as they are
	// plain character data.
	texts [2]span
}

// outline is the shape of an XML document.
type outline struct {
	root  string // local name of the root element, lower case; "" if there is none
	open  span   // the root's start tag
	head  int    // where the first item begins, or the document's end
	items []itemSpan
	tail  int // where the last item ends
	// total counts the items found, skipped those dropped for being too deep or
	// too big. Of very many items only the first and the last are in items.
	total, skipped int
	deep           bool // something outside the items passes a bound
	odd            bool // tags that do not match, or text that looks like markup
	cut            bool // the document ends before its root does
	html           bool // the root is <html>
}

// walker carries the state of outlineOf.
type walker struct {
	b     []byte
	o     outline
	stack []span // names of the open elements
	nodes int
	// of the item being read
	item    itemSpan
	inside  int // stack height at the item's start tag, 0 outside
	spoiled bool
	first   int  // nodes at its start
	idAt    int  // where its id's content begins
	textAt  int  // where a long text's content begins, 0 if it is none
	prose   bool // inside an element whose content the parser takes as text
	kept    int  // nodes of all items kept
}

// outlineOf reads the shape of an XML document in one pass over its bytes.
func outlineOf(b []byte) outline {
	s := scanner{b: b}
	w := walker{b: b, stack: make([]span, 0, maxDepth)}
	w.o.head = len(b)
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		switch t.kind {
		case textToken:
			if bytes.IndexByte(t.of(b), '<') >= 0 {
				w.o.odd = true
			}
			if w.inside == 0 && t.end-t.start > maxItemSize {
				w.o.deep = true
				return w.o
			}
			continue
		case cdataToken:
			if w.inside == 0 && t.end-t.start > maxItemSize {
				w.o.deep = true
			}
		case startToken:
			w.start(t)
		case endToken:
			w.end(t)
		}
		if !w.prose {
			w.nodes++
		}
		if w.inside == 0 && w.nodes-w.first > maxNodes/4 {
			w.o.deep = true
		}
		if w.o.deep || w.o.html {
			break
		}
	}
	w.o.cut = s.cut || len(w.stack) > 0
	return w.o
}

func (w *walker) start(t token) {
	name := t.name.of(w.b)
	if w.o.root == "" {
		w.o.root = string(bytes.ToLower(local(name)))
		w.o.open = t.span
		w.o.html = w.o.root == "html"
	}
	if !t.empty && w.inside > 0 && len(w.stack) == w.inside && itemName(name) && bytes.Equal(name, w.stack[w.inside-1].of(w.b)) {
		// The item before was never ended.
		w.o.odd = true
		w.stack = w.stack[:w.inside-1]
		w.close(t.start)
	}
	if w.inside == 0 && len(w.stack) <= 2 && itemName(name) {
		w.item = itemSpan{span: span{start: t.start}, open: t.span}
		w.inside = len(w.stack) + 1
		w.spoiled, w.first, w.idAt = false, w.nodes, 0
		w.o.head = min(w.o.head, t.start)
	}
	w.textAt = 0 // markup inside: no plain character data
	if t.attrs > maxAttrs || len(w.stack) >= maxDepth || t.end-t.start > maxTag {
		if w.inside == 0 {
			w.o.deep = true
		}
		w.spoiled = true
	}
	if t.empty {
		if w.inside == len(w.stack)+1 {
			w.close(t.end)
		}
		return
	}
	if len(w.stack) < maxDepth {
		w.stack = append(w.stack, t.name)
	}
	if w.inside > 0 && len(w.stack) == w.inside+1 {
		w.prose = proseName(name)
		w.textAt = 0
		if w.prose && longText(name, t.of(w.b)) {
			w.textAt = t.end
		}
		if idName(name, w.stack[w.inside-1].of(w.b)) {
			w.idAt = t.end
		}
	}
}

func (w *walker) end(t token) {
	name := t.name.of(w.b)
	i := len(w.stack) - 1
	for i >= 0 && !bytes.Equal(w.stack[i].of(w.b), name) {
		i--
	}
	if i != len(w.stack)-1 {
		// Below a spoiled item's deepest level the stack no longer grows.
		w.o.odd = w.o.odd || !w.spoiled
	}
	if i < 0 {
		return
	}
	if w.inside > 0 && i == w.inside && w.idAt > 0 && idName(name, w.stack[w.inside-1].of(w.b)) && w.item.id.end == 0 {
		w.item.id = span{w.idAt, t.start}
	}
	if w.textAt > 0 && i == w.inside {
		w.item.addText(w.b, span{w.textAt, t.start})
		w.textAt = 0
	}
	w.stack = w.stack[:i]
	w.prose = w.prose && i > w.inside
	if w.inside > 0 && i < w.inside {
		at := t.end
		if i < w.inside-1 {
			at = t.start // the parent ends without the item's own end tag
		}
		w.close(at)
	}
}

// close ends the item being read at the given position.
func (w *walker) close(at int) {
	w.item.end = at
	w.o.total++
	w.o.tail = at
	nodes := w.nodes - w.first
	big := at-w.item.start > maxItemSize || nodes > maxNodes/8 || w.kept+nodes > maxNodes
	if w.spoiled || big {
		w.o.skipped++
	} else {
		w.o.keep(w.item)
		w.kept += nodes
	}
	w.first = w.nodes
	w.inside = 0
}

// keep adds an item. Of more than four times maxItems it forgets those in the
// middle: whichever end is newer, they will not be read.
func (o *outline) keep(it itemSpan) {
	if len(o.items) == 4*maxItems {
		o.items = append(o.items[:maxItems], o.items[3*maxItems:]...)
	}
	o.items = append(o.items, it)
}

// itemName reports the elements that are items. RSS has them as <item>, Atom as
// <entry>; a prefix may be any, except those of modules with items of their own.
func itemName(name []byte) bool {
	l := local(name)
	if !bytes.EqualFold(l, []byte("item")) && !bytes.EqualFold(l, []byte("entry")) {
		return false
	}
	prefix := name[:len(name)-len(l)]
	return !bytes.Equal(prefix, []byte("media:")) && !bytes.Equal(prefix, []byte("cf:")) && !bytes.Equal(prefix, []byte("yt:"))
}

// proseName reports the elements of an item whose content is text or a page's
// markup. The parser copies it as it stands, so its size counts and its
// elements do not.
func proseName(name []byte) bool {
	switch string(name) {
	case "title", "content", "summary", "description", "content:encoded":
		return true
	}
	return false
}

// idName reports the elements that hold an item's id: without a prefix, or with
// the item's own or a usual one.
func idName(name, item []byte) bool {
	l := local(name)
	if !bytes.EqualFold(l, []byte("id")) && !bytes.EqualFold(l, []byte("guid")) {
		return false
	}
	prefix := name[:len(name)-len(l)]
	return len(prefix) == 0 || bytes.Equal(prefix, item[:len(item)-len(local(item))]) || string(prefix) == "atom:" || string(prefix) == "rss:"
}

// bounded returns the document with at most maxItems items and without those
// that pass a bound; the parts kept are the same bytes. oldestFirst says that
// the newest items stand at the end.
func (o *outline) bounded(b []byte, oldestFirst bool) []byte {
	whole := o.total == len(o.items) && len(o.items) <= maxItems
	if whole {
		return b
	}
	if len(o.items) > maxItems {
		if oldestFirst {
			o.items = o.items[len(o.items)-maxItems:]
		} else {
			o.items = o.items[:maxItems]
		}
	}
	return o.rebuild(b, true)
}

// rebuild puts the document together again from its head, its items and its
// tail, with the items' positions adjusted. Without the tail the open elements
// of the head are closed by name.
func (o *outline) rebuild(b []byte, withTail bool) []byte {
	size := o.head + 64
	for _, it := range o.items {
		size += it.end - it.start
	}
	out := make([]byte, 0, size+len(b)-o.tail)
	out = append(out, b[:o.head]...)
	for i := range o.items {
		it := &o.items[i]
		shift := len(out) - it.start
		out = append(out, it.of(b)...)
		it.move(shift)
	}
	tail := len(out)
	if withTail {
		out = append(out, b[o.tail:]...)
	} else {
		out = appendClosing(out, b[:o.head])
	}
	o.tail, o.total = tail, len(o.items)
	return out
}

func (it *itemSpan) move(by int) {
	for _, s := range []*span{&it.span, &it.open, &it.id, &it.texts[0], &it.texts[1]} {
		if s.end > 0 {
			s.start += by
			s.end += by
		}
	}
}

// appendClosing appends the end tags of the elements that head leaves open.
func appendClosing(out, head []byte) []byte {
	var stack []span
	s := scanner{b: head}
	for {
		t, ok := s.next()
		if !ok {
			break
		}
		switch {
		case t.kind == startToken && !t.empty:
			stack = append(stack, t.name)
		case t.kind == endToken:
			for i := len(stack) - 1; i >= 0; i-- {
				if bytes.Equal(stack[i].of(head), t.name.of(head)) {
					stack = stack[:i]
					break
				}
			}
		}
	}
	for i := len(stack) - 1; i >= 0; i-- {
		out = append(append(append(out, "</"...), stack[i].of(head)...), '>')
	}
	return out
}

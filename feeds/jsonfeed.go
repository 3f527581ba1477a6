package feeds

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	jsonfeed "github.com/mmcdole/gofeed/json"
)

var errNotJSONFeed = errors.New("the document is JSON, but no JSON Feed")

// readJSON reads a JSON Feed (jsonfeed.org, version 1 and 1.1).
func (r *reader) readJSON(text []byte) error {
	items := jsonItems(text)
	if items.deep {
		return errDeep
	}
	if items.found && (items.cut || items.skipped > 0 || len(items.spans) > maxItems) {
		if items.cut && len(items.spans) == 0 {
			return errNoItems
		}
		if items.skipped > 0 {
			r.warn("%d items were skipped: too large.", items.skipped)
		}
		if items.cut {
			r.warn("The document is cut off; %d whole items were saved.", min(len(items.spans), maxItems))
		} else if len(items.spans) > maxItems {
			r.warn("Only the first %d items were read.", maxItems)
		}
		text = items.rebuild(text, maxItems)
	}
	f, err := new(jsonfeed.Parser).Parse(bytes.NewReader(text))
	if err != nil {
		// One field of a wrong type must not cost the whole feed.
		if text = onSpec(text); text != nil {
			if again, retried := new(jsonfeed.Parser).Parse(bytes.NewReader(text)); retried == nil {
				r.warn("Fields of wrong types were read as well as possible.")
				f, err = again, nil
			}
		}
	}
	if err != nil {
		return fmt.Errorf("read the JSON feed: %w", err)
	}
	if f.Items == nil && !strings.Contains(f.Version, "jsonfeed.org") {
		return errNotJSONFeed
	}
	r.jsonFeed(f)
	return nil
}

func (r *reader) jsonFeed(f *jsonfeed.Feed) {
	r.feed.Kind = "json1"
	r.feed.Title = plainTitle(f.Title)
	r.setSite(f.HomePageURL)
	r.feed.FeedURL = first(r.link(f.FeedURL), r.feed.FeedURL)
	r.feed.Language = language(f.Language)
	all := jsonNames(append(f.Authors, f.Author))
	for _, it := range f.Items {
		if it == nil {
			continue
		}
		item := Item{ID: it.ID, Title: it.Title, Categories: it.Tags, Image: first(it.Image, it.BannerImage)}
		item.Link = first(it.URL, it.ExternalURL, webOnly(it.ID))
		item.Author = first(jsonNames(append(it.Authors, it.Author)), all)
		item.Published, item.Updated = readDate(it.DatePublished), readDate(it.DateModified)
		item.HTML = it.ContentHTML
		if item.HTML == "" && it.ContentText != "" {
			item.HTML = escapeText(it.ContentText)
		}
		item.HTML = first(item.HTML, escapeText(it.Summary))
		if item.Image == "" && it.Attachments != nil {
			for _, a := range *it.Attachments {
				if strings.HasPrefix(a.MimeType, "image/") {
					item.Image = a.URL
					break
				}
			}
		}
		r.feed.Items = append(r.feed.Items, item)
	}
}

// escapeText makes plain text safe to be read as HTML.
func escapeText(s string) string {
	return strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(s)
}

func jsonNames(authors []*jsonfeed.Author) string {
	var names []string
	seen := map[string]bool{}
	for _, a := range authors {
		if a != nil && a.Name != "" && !seen[a.Name] {
			seen[a.Name] = true
			names = append(names, a.Name)
		}
	}
	return strings.Join(names, ", ")
}

// itemList is where the items of a JSON document lie.
type itemList struct {
	found       bool
	spans       []span
	first, tail int  // where the first item begins and the list ends
	skipped     int  // items that are too large
	cut         bool // the document ends inside the list
	deep        bool
}

// jsonItems finds the top-level "items" array of a JSON document without
// building anything: a million empty objects fit into five megabytes.
func jsonItems(b []byte) (l itemList) {
	depth, start, commas, inString := 0, 0, 0, false
	items := false // inside the items array
	rest := len(b) // bytes that belong to no item
	var lastKey span
	for i := 0; i < len(b); i++ {
		c := b[i]
		if inString {
			if c == '\\' {
				i++
			} else if c == '"' {
				inString = false
				lastKey.end = i
			}
			continue
		}
		switch c {
		case '"':
			inString = true
			lastKey.start = i + 1
		case '{', '[':
			depth++
			if depth > maxDepth {
				l.deep = true
				return l
			}
			if c == '[' && depth == 2 && !l.found && lastKey.end > lastKey.start && string(lastKey.of(b)) == "items" {
				items, l.found, l.first = true, true, i+1
			}
			if items && depth == 3 {
				start = i
			}
		case ',':
			// A list of a million tags is no feed, and each costs a string.
			if commas++; commas > maxNodes && len(l.spans) <= maxItems {
				l.deep = true
				return l
			}
		case '}', ']':
			if items && depth == 3 {
				rest -= i + 1 - start
				l.add(span{start, i + 1})
			}
			depth--
			if items && depth == 1 {
				items, l.tail = false, i
			}
		}
	}
	l.cut = depth > 0 || inString
	l.deep = !l.cut && rest > maxItemSize
	return l
}

// add takes an item, one more than will be read at most.
func (l *itemList) add(item span) {
	switch {
	case item.end-item.start > maxItemSize:
		l.skipped++
	case len(l.spans) <= maxItems:
		l.spans = append(l.spans, item)
	}
}

// rebuild is the document with at most n of its items, closed properly.
func (l itemList) rebuild(b []byte, n int) []byte {
	out := append([]byte(nil), b[:l.first]...)
	for i, s := range l.spans[:min(n, len(l.spans))] {
		if i > 0 {
			out = append(out, ',')
		}
		out = append(out, s.of(b)...)
	}
	if l.cut {
		return append(out, "]}"...)
	}
	return append(out, b[l.tail:]...)
}

// onSpec rewrites a JSON feed so that every field has the type the
// specification gives it; nil if the document is no JSON object.
func onSpec(text []byte) []byte {
	var doc map[string]any
	d := json.NewDecoder(bytes.NewReader(text))
	d.UseNumber()
	if err := d.Decode(&doc); err != nil {
		return nil
	}
	fixObject(doc)
	if list, ok := doc["items"].([]any); ok {
		kept := make([]any, 0, len(list))
		for _, entry := range list {
			if item, ok := entry.(map[string]any); ok {
				fixObject(item)
				kept = append(kept, item)
			}
		}
		doc["items"] = kept
	} else {
		delete(doc, "items")
	}
	out, err := json.Marshal(doc)
	if err != nil {
		return nil
	}
	return out
}

// fixObject corrects the fields of a feed or an item.
func fixObject(m map[string]any) {
	for key, value := range m {
		switch key {
		case "items", "expired":
		case "tags":
			m[key] = stringList(value)
		case "author":
			m[key] = firstOf(authorList(value))
		case "authors":
			m[key] = authorList(value)
		case "attachments":
			m[key] = objectList(value)
		default:
			if s, ok := scalar(value); ok {
				m[key] = s
			} else {
				delete(m, key)
			}
		}
	}
}

// scalar turns a JSON scalar into a string.
func scalar(v any) (string, bool) {
	switch v := v.(type) {
	case string:
		return v, true
	case json.Number:
		return v.String(), true
	case bool:
		return fmt.Sprint(v), true
	}
	return "", false
}

// stringList reads tags written as a list or as one string with commas.
func stringList(v any) []string {
	out := []string{}
	switch v := v.(type) {
	case []any:
		for _, e := range v {
			if s, ok := scalar(e); ok {
				out = append(out, s)
			}
		}
	case string:
		for part := range strings.SplitSeq(v, ",") {
			if part = strings.TrimSpace(part); part != "" {
				out = append(out, part)
			}
		}
	}
	return out
}

// authorList reads authors written as a list, an object or a name.
func authorList(v any) []map[string]any {
	if name, ok := scalar(v); ok {
		return []map[string]any{{"name": name}}
	}
	list := objectList(v)
	if names, ok := v.([]any); ok && len(list) == 0 {
		for _, e := range names {
			if name, ok := scalar(e); ok {
				list = append(list, map[string]any{"name": name})
			}
		}
	}
	for _, a := range list {
		fixObject(a)
	}
	return list
}

// objectList reads a list of objects, or one object for a list of one.
func objectList(v any) []map[string]any {
	out := []map[string]any{}
	switch v := v.(type) {
	case map[string]any:
		out = append(out, v)
	case []any:
		for _, e := range v {
			if m, ok := e.(map[string]any); ok {
				out = append(out, m)
			}
		}
	}
	for _, m := range out {
		for key, value := range m {
			if _, ok := scalar(value); !ok {
				delete(m, key)
			}
		}
	}
	return out
}

func firstOf(list []map[string]any) any {
	if len(list) == 0 {
		return nil
	}
	return list[0]
}

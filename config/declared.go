package config

import (
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"broadsheet/bot/filter"
	"broadsheet/bot/schedule"
)

// Modes of a declared feed.
const (
	ModeDigest  = "digest"
	ModeInstant = "instant"
)

// feedKeys are the parts of a declared feed.
func feedKeys() []key[DeclaredFeed] {
	return []key[DeclaredFeed]{
		{name: "url", required: true, help: "address of the feed", set: one(func(f *DeclaredFeed, s string) error {
			f.URL = s
			return checkWebURL(s)
		})},
		text("title", "", "title shown instead of the feed's own", func(f *DeclaredFeed) *string { return &f.Title }, checkTitle),
		{name: "channel", help: "id of the channel it is delivered to; without: polled and searchable only",
			set: one(func(f *DeclaredFeed, s string) (err error) { f.Channel, err = parseID(s); return err })},
		{name: "guild", help: "id of the channel's server; without: looked up",
			set: one(func(f *DeclaredFeed, s string) (err error) { f.Guild, err = parseID(s); return err })},
		choice("mode", ModeDigest, "how it is delivered", []string{ModeDigest, ModeInstant}, func(f *DeclaredFeed) *string { return &f.Mode }),
		filters(func(f *DeclaredFeed) *[]string { return &f.Filters }),
	}
}

// digestKeys are the parts of a declared digest.
func digestKeys() []key[DeclaredDigest] {
	return []key[DeclaredDigest]{
		text("name", "", "name of the digest, unique in its server", func(d *DeclaredDigest) *string { return &d.Name }, checkTitle).must(),
		key[DeclaredDigest]{name: "channel", help: "id of the channel it is printed in",
			set: one(func(d *DeclaredDigest, s string) (err error) { d.Channel, err = parseID(s); return err })}.must(),
		{name: "guild", help: "id of the channel's server; without: looked up",
			set: one(func(d *DeclaredDigest, s string) (err error) { d.Guild, err = parseID(s); return err })},
		{name: "schedule", initial: schedule.Schedule{}.String(), help: `when: "daily 08:00", "weekdays 07:30", "every 4h" or a cron line`,
			set: one(func(d *DeclaredDigest, s string) error {
				when, err := schedule.Parse(s)
				d.Schedule = when.String()
				return err
			})},
		{name: "timezone", help: "IANA time zone; without: digest.timezone",
			set: one(func(d *DeclaredDigest, s string) (err error) {
				if s != "" {
					d.Timezone, err = parseZone(s)
				}
				return err
			})},
		choice("locale", "", "language; without: the server's", locales(), func(d *DeclaredDigest) *string { return &d.Locale }),
		filters(func(d *DeclaredDigest) *[]string { return &d.Filters }),
		{name: "words", list: true, help: "words that raise a story", set: func(d *DeclaredDigest, list []string) error {
			d.Words = list
			return nil
		}},
		number("cards", 0, 0, 25, "stories with a card; 0: as digest.cards", func(d *DeclaredDigest) *int { return &d.Cards }),
		number("lines", 0, 0, 50, "further stories with a line; 0: as digest.lines", func(d *DeclaredDigest) *int { return &d.Lines }),
	}
}

// must marks a key that has to be written.
func (k key[T]) must() key[T] {
	k.required = true
	return k
}

// filters is the key of a list of rules, kept in their canonical form.
func filters[T any](at func(*T) *[]string) key[T] {
	return key[T]{name: "filters", list: true, help: `rules such as "drop word crypto" or "keep title phrase climate change"`,
		set: func(into *T, list []string) error {
			var errs []error
			for _, text := range list {
				rule, err := filter.ParseRule(text)
				if err != nil {
					errs = append(errs, err)
					continue
				}
				*at(into) = append(*at(into), rule.String())
			}
			return errors.Join(errs...)
		}}
}

func checkTitle(s string) error {
	if n := utf8.RuneCountInString(s); n > 100 {
		return fmt.Errorf("has %d characters; the most is 100", n)
	}
	return nil
}

// readFeeds reads the declared feeds; a plain string is a feed's address.
func (l *loader) readFeeds(e entry) {
	type place struct {
		url     string
		channel int64
	}
	first := map[place]int{}
	for _, item := range l.items(e) {
		feed := DeclaredFeed{Line: item.line}
		if !readItem(l, item, "feeds", "url", feedKeys(), &feed) {
			continue
		}
		at := place{feed.URL, feed.Channel}
		if line, twice := first[at]; twice && feed.URL != "" {
			l.problem(l.at(item.line), "feeds: %s is declared for the same channel on line %d already", feed.URL, line)
		}
		first[at] = item.line
		l.config.Feeds = append(l.config.Feeds, feed)
	}
}

// readDigests reads the declared digests.
func (l *loader) readDigests(e entry) {
	type place struct {
		name  string
		guild int64
	}
	first := map[place]int{}
	for _, item := range l.items(e) {
		digest := DeclaredDigest{Line: item.line}
		if !readItem(l, item, "digests", "", digestKeys(), &digest) {
			continue
		}
		at := place{strings.ToLower(digest.Name), digest.Guild}
		if line, twice := first[at]; twice && digest.Name != "" {
			l.problem(l.at(item.line), "digests: the name %q is taken by the digest on line %d", digest.Name, line)
		}
		first[at] = item.line
		l.config.Digests = append(l.config.Digests, digest)
	}
}

// readItem reads one element of a list of declarations. A plain value stands for
// the key named short, if there is one.
func readItem[T any](l *loader, item entry, section, short string, keys []key[T], into *T) bool {
	names := make([]string, len(keys))
	written := map[string]bool{}
	for i, k := range keys {
		names[i] = k.name
		if err := k.set(into, k.def()); err != nil && !k.required && !k.list {
			l.problem(l.at(item.line), "%s.%s: default: %v", section, k.name, err)
		}
	}
	parts, isMapping := l.mapping(item)
	if !isMapping {
		value, isScalar := l.values(item)
		if !isScalar || short == "" || len(value) != 1 {
			l.problem(l.at(item.line), "%s: wants a list of entries with %s", section, strings.Join(names, ", "))
			return false
		}
		parts = []entry{{name: short, line: item.line, node: item.node}}
	}
	for _, part := range parts {
		i := index(names, part.name)
		if i < 0 {
			l.problem(l.at(part.line), "%s: %q is not known%s", section, part.name, meant(part.name, names))
			continue
		}
		written[part.name] = true
		setPart(l, section, keys[i], part, into)
	}
	for _, k := range keys {
		if k.required && !written[k.name] {
			l.problem(l.at(item.line), "%s: %s is missing", section, k.name)
		}
	}
	return true
}

// setPart sets one key of a declaration.
func setPart[T any](l *loader, section string, k key[T], part entry, into *T) {
	values, ok := l.values(part)
	switch {
	case !ok:
		l.problem(l.at(part.line), "%s.%s: wants a value, not a mapping", section, k.name)
	case k.required && (len(values) == 0 || values[0] == ""):
		l.problem(l.at(part.line), "%s.%s: has no value", section, k.name)
	case len(values) == 0: // as if it were not written
	default:
		if err := k.set(into, values); err != nil {
			l.problems1(l.at(part.line), section+"."+k.name, err)
		}
	}
}

func index(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}

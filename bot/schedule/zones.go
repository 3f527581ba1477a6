package schedule

import (
	"cmp"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a container image without zone files must still know them
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// zoneList has a zone a line: its IANA name and, for the zones that are offered,
// a tab and other names by which people look for it: countries, cities,
// abbreviations. Names without them are old aliases, which are accepted. The
// names are those of the IANA time zone database, which is in the public domain;
// Go embeds their rules but cannot list them. A test compares the two. EST and
// MST are left out on purpose: they know no summer time, and whoever writes them
// in New York or Denver would get digests an hour late for half of the year.
//
//go:embed zones.txt
var zoneList string

// usualZones come first among equals and before anything is typed. Never
// written to.
var usualZones = []string{"UTC", "Europe/London", "Europe/Berlin", "Europe/Paris", "America/New_York", "America/Chicago",
	"America/Denver", "America/Los_Angeles", "America/Toronto", "America/Sao_Paulo", "America/Mexico_City", "Europe/Madrid", "Europe/Rome",
	"Europe/Amsterdam", "Europe/Warsaw", "Europe/Istanbul", "Europe/Moscow", "Asia/Dubai", "Asia/Kolkata", "Asia/Singapore",
	"Asia/Shanghai", "Asia/Tokyo", "Asia/Seoul", "Australia/Sydney", "Pacific/Auckland"}

// How well a zone answers to what was typed, best first.
const (
	exactly     = iota // the whole name, or the city's
	beginsCity         // the city begins so
	beginsName         // the name begins so
	called             // another name of it is exactly so
	beginsOther        // another name begins so
	within             // the letters occur in the name
	withinOther        // the letters occur in another name
	never
)

// Zones lists at most limit IANA zone names for what was typed: part of a name, a
// city (also one that has no zone of its own: munich), a country or an
// abbreviation (pst), in any case and with or without accents; the best match
// first. Nothing typed gives the commonest zones.
func Zones(typed string, limit int) []string {
	want := fold(typed)
	if want == "" {
		return slices.Clone(usualZones[:min(max(limit, 0), len(usualZones))])
	}
	type match struct {
		name        string
		rank, usual int
	}
	var found []match
	for row := range strings.Lines(zoneList) {
		name, others, offered := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		rank := fit(name, others, want)
		if !offered && rank == exactly {
			rank = called // the name that replaced it, or its city, comes first
		} else if rank == never || !offered {
			continue
		}
		usual := slices.Index(usualZones, name)
		if usual < 0 {
			usual = len(usualZones)
		}
		if !offered {
			usual++
		}
		found = append(found, match{name, rank, usual})
	}
	slices.SortStableFunc(found, func(a, b match) int {
		return cmp.Or(cmp.Compare(a.rank, b.rank), cmp.Compare(a.usual, b.usual))
	})
	names := make([]string, 0, min(len(found), max(limit, 0)))
	for _, m := range found[:cap(names)] {
		names = append(names, m.name)
	}
	return names
}

// fit says how a zone answers to folded text.
func fit(name, others, want string) int {
	name = fold(name)
	city := name[strings.LastIndexByte(name, '/')+1:]
	switch {
	case name == want || city == want:
		return exactly
	case strings.HasPrefix(city, want):
		return beginsCity
	case strings.HasPrefix(name, want):
		return beginsName
	}
	best := never
	if len(want) > 2 && strings.Contains(name, want) {
		best = within
	}
	for other := range strings.SplitSeq(fold(others), ", ") {
		switch {
		case other == want:
			return called
		case strings.HasPrefix(other, want):
			best = beginsOther
		case best == never && len(want) > 2 && strings.Contains(other, want):
			best = withinOther
		}
	}
	return best
}

// fold makes names comparable: lower case, without accents, spaces for
// underscores and hyphens.
func fold(s string) string {
	// The hyphen of Etc/GMT-3 tells it from Etc/GMT+3.
	offset := strings.Contains(strings.ToUpper(s), "GMT")
	s = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Mn, r):
			return -1
		case r == '_' || r == '-' && !offset:
			return ' '
		}
		return unicode.ToLower(r)
	}, norm.NFD.String(strings.TrimSpace(s)))
	return norm.NFC.String(s)
}

// LoadZone returns the location of an IANA name, in any case of letters, or of a
// city after which exactly one zone is named ("berlin"); String of the result is
// the IANA name. The error names the nearest zones. "Local" is no zone: what it
// means depends on the machine.
func LoadZone(name string) (*time.Location, error) {
	want := fold(name)
	if want == "" {
		return nil, errors.New(`the time zone is empty; write an IANA name such as "Europe/Berlin"`)
	}
	exact, cities, all := lookUp(want)
	near := cities
	switch {
	case len(cities) == 1 && !strings.Contains(exact, "/"):
		exact = cities[0] // "Singapore" is an old alias of Asia/Singapore
		fallthrough
	case exact != "":
		loc, err := time.LoadLocation(exact)
		if err != nil {
			return nil, fmt.Errorf("load time zone %s: %w", exact, err)
		}
		return loc, nil
	}
	if len(near) == 0 {
		near = Zones(name, 3)
	}
	if len(near) == 0 {
		near = misspelt(name, all)
	}
	if len(near) == 0 {
		return nil, fmt.Errorf(`no time zone is called %q; write an IANA name such as "Europe/Berlin"`, name)
	}
	return nil, fmt.Errorf("no time zone is called %q; did you mean %s?", name, strings.Join(near, " or "))
}

// lookUp finds the zone of a folded name and those of a city, and lists all.
func lookUp(want string) (exact string, cities, all []string) {
	for row := range strings.Lines(zoneList) {
		zone, _, offered := strings.Cut(strings.TrimSuffix(row, "\n"), "\t")
		folded := fold(zone)
		if folded == want {
			exact = zone
		}
		if i := strings.LastIndexByte(folded, '/'); i > 0 && offered && folded[i+1:] == want {
			cities = append(cities, zone)
		}
		all = append(all, zone)
	}
	return exact, cities, all
}

// misspelt is the zone whose name, or whose city's, is nearest, if any is near.
func misspelt(name string, zones []string) []string {
	if one := Nearest(name, zones); one != "" {
		return []string{one}
	}
	cities := make([]string, len(zones))
	for i, zone := range zones {
		cities[i] = zone[strings.LastIndexByte(zone, '/')+1:]
	}
	if one := Nearest(name, cities); one != "" {
		return []string{zones[slices.Index(cities, one)]}
	}
	return nil
}

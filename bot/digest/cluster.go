package digest

import (
	"cmp"
	"net/url"
	"slices"
	"strings"
	"unicode/utf8"

	"broadsheet/summarize/stories"
)

// cluster is what tells one event: new articles, the one to lead first, and
// what was printed of it before.
type cluster struct {
	fresh   []Article
	printed []Article
}

// continues returns the id of the printed article nearest in time to the
// reader: the last one. It is 0 if nothing of the event was printed.
func (c cluster) continues() int64 {
	if len(c.printed) == 0 {
		return 0
	}
	return slices.MaxFunc(c.printed, func(a, b Article) int {
		return cmp.Or(a.Time().Compare(b.Time()), cmp.Compare(a.ID, b.ID))
	}).ID
}

// clusters groups new and printed articles by event and leaves out groups in
// which nothing is new.
func clusters(articles, printed []Article) []cluster {
	all := slices.Concat(articles, printed)
	docs := make([]stories.Document, len(all))
	for i, a := range all {
		docs[i] = stories.Document{Title: a.Title, Text: a.Text, Lang: a.Lang, Published: a.Time()}
	}
	var out []cluster
	for _, members := range joinLinks(stories.Group(docs, stories.Options{}), all) {
		var c cluster
		for _, i := range members {
			if i < len(articles) {
				c.fresh = append(c.fresh, all[i])
			} else {
				c.printed = append(c.printed, all[i])
			}
		}
		if len(c.fresh) > 0 {
			out = append(out, c)
		}
	}
	return out
}

// joinLinks merges groups that hold articles of different feeds with the same
// address: aggregators and topic feeds carry other papers' pieces unchanged.
func joinLinks(groups [][]int, all []Article) [][]int {
	of := make([]int, len(all)) // article → group, following merges
	for g, members := range groups {
		for _, i := range members {
			of[i] = g
		}
	}
	merged := slices.Clone(groups)
	for _, same := range sameLink(all) {
		for _, i := range same[1:] {
			into, from := of[same[0]], of[i]
			if into == from {
				continue
			}
			into, from = leading(into, from, merged, all)
			merged[into] = slices.Concat(merged[into], merged[from])
			for _, j := range merged[from] {
				of[j] = into
			}
			merged[from] = nil
		}
	}
	return slices.DeleteFunc(merged, func(m []int) bool { return len(m) == 0 })
}

// leading orders two groups that become one: the fuller lead leads, of equally
// full ones the earlier.
func leading(a, b int, groups [][]int, all []Article) (first, second int) {
	x, y := all[groups[a][0]], all[groups[b][0]]
	if cmp.Or(
		cmp.Compare(utf8.RuneCountInString(y.Text), utf8.RuneCountInString(x.Text)),
		x.Time().Compare(y.Time()),
		byID(x, y),
	) <= 0 {
		return a, b
	}
	return b, a
}

// sameLink returns the sets of articles that share an address, each set and
// the sets in ascending order. An address that one feed gives to two articles
// says nothing about either, so it joins nobody.
func sameLink(all []Article) [][]int {
	byLink := map[string][]int{}
	var order []string
	for i, a := range all {
		link := plainLink(a.Link)
		if link == "" {
			continue
		}
		if byLink[link] == nil {
			order = append(order, link)
		}
		byLink[link] = append(byLink[link], i)
	}
	var sets [][]int
	for _, link := range order {
		set, feeds := byLink[link], map[int64]bool{}
		for _, i := range set {
			feeds[all[i].FeedID] = true
		}
		if len(set) > 1 && len(feeds) == len(set) {
			sets = append(sets, set)
		}
	}
	return sets
}

// plainLink strips from an address what does not tell pages apart: scheme,
// "www.", a trailing slash, the fragment and the parameters of campaigns. It is
// "" for anything that is no page of its own, such as a site's front page.
func plainLink(link string) string {
	u, err := url.Parse(strings.TrimSpace(link))
	if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
		return ""
	}
	q := u.Query()
	for name := range q {
		if campaign(name) {
			q.Del(name)
		}
	}
	path := strings.TrimRight(u.EscapedPath(), "/")
	if path == "" && len(q) == 0 {
		return ""
	}
	host := strings.TrimPrefix(strings.ToLower(u.Host), "www.")
	if len(q) == 0 {
		return host + path
	}
	return host + path + "?" + q.Encode()
}

// campaign reports whether a query parameter only tells where a click came
// from.
func campaign(name string) bool {
	name = strings.ToLower(name)
	switch name {
	case "fbclid", "gclid", "msclkid", "mc_cid", "mc_eid", "igshid", "ref", "cmpid", "ocid", "at_medium", "at_campaign":
		return true
	}
	return strings.HasPrefix(name, "utm_")
}

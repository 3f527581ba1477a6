package digest

import (
	"cmp"
	"slices"
)

// Build makes the edition. See the package comment for what it promises.
func Build(in Input) Edition {
	o := in.Options.withDefaults()
	var e Edition
	articles := admit(&e, in.Articles, o)
	printed := earlier(in.Printed, articles)

	var all []Story
	for _, c := range clusters(articles, printed) {
		s, told := tell(c)
		if told {
			for _, a := range c.fresh {
				e.Dropped = append(e.Dropped, Dropped{Article: a, Rule: RuleJoined, Into: c.continues()})
			}
			continue
		}
		all = append(all, s)
	}
	rank(all, in.Now, o)
	deal(&e, all, o)
	e.count()
	return e
}

// withDefaults fills in what the admin left open.
func (o Options) withDefaults() Options {
	fill := func(n, usual int) int {
		if n == 0 {
			return usual
		}
		return max(n, 0)
	}
	o.Cards, o.Lines = fill(o.Cards, DefaultCards), fill(o.Lines, DefaultLines)
	if o.Share <= 0 || o.Share > 1 {
		o.Share = DefaultShare
	}
	return o
}

// admit returns the articles that pass the filters, by id, and notes the
// others in e.
func admit(e *Edition, articles []Article, o Options) []Article {
	sorted := slices.Clone(articles)
	slices.SortStableFunc(sorted, byID)
	var kept []Article
	for i, a := range sorted {
		if i > 0 && sorted[i-1].ID == a.ID {
			e.Dropped = append(e.Dropped, Dropped{Article: a, Rule: RuleTwice})
			continue
		}
		if keep, by := o.Filters.Judge(a.subject()); !keep {
			rule := RuleNoKeep
			if by != nil {
				rule = by.String()
			}
			e.Dropped = append(e.Dropped, Dropped{Article: a, Rule: rule})
			continue
		}
		kept = append(kept, a)
	}
	return kept
}

// earlier returns the printed articles that are not among the new ones, by id.
func earlier(printed, articles []Article) []Article {
	fresh := make(map[int64]bool, len(articles))
	for _, a := range articles {
		fresh[a.ID] = true
	}
	var old []Article
	for _, a := range printed {
		if !fresh[a.ID] {
			fresh[a.ID] = true
			old = append(old, a)
		}
	}
	slices.SortStableFunc(old, byID)
	return old
}

func byID(a, b Article) int { return cmp.Compare(a.ID, b.ID) }

// count fills in the edition's figures.
func (e *Edition) count() {
	e.Stories = len(e.Cards) + len(e.Lines) + len(e.More)
	feeds := map[int64]bool{}
	for _, s := range e.All() {
		for _, a := range s.Articles() {
			e.Articles++
			feeds[a.FeedID] = true
		}
	}
	e.Feeds = len(feeds)
}

// Package digest makes a digest out of articles: it filters them, joins those
// about one event into a story, ranks the stories and deals them out to cards,
// lines and the counted rest.
//
// Build is a pure function of its input: no clock, no storage, no summaries.
// It is deterministic, does not depend on the order of the articles, and
// accounts for every article exactly once.
package digest

import (
	"time"

	"broadsheet/bot/filter"
)

// Article is one article as a digest sees it.
type Article struct {
	ID     int64
	FeedID int64
	Source string // the feed's title as members read it
	Title  string
	Link   string
	Text   string // plain text, paragraphs separated by newlines; may be empty
	Lang   string // BCP 47, "" if unknown
	Author string
	Image  string // address of a picture, "" if none

	Categories []string
	Published  time.Time // zero if the feed does not say
	Seen       time.Time // when Broadsheet first saw it

	Weight int // the feed's weight as the admin set it; 0 is ordinary, each step counts like another paper
	Votes  int // members' 👍 less their 👎
}

// Time returns when the article was published, or first seen where its feed
// gives no date or one after it was seen.
func (a Article) Time() time.Time {
	if a.Published.IsZero() || (!a.Seen.IsZero() && a.Published.After(a.Seen)) {
		return a.Seen
	}
	return a.Published
}

// Options say what an admin wants of a digest. The zero value filters nothing
// and uses the defaults named below.
type Options struct {
	Cards   int         // stories with a card; 0 = DefaultCards, negative = none
	Lines   int         // stories with a line; 0 = DefaultLines, negative = none
	Filters *filter.Set // nil keeps everything
	Words   []string    // words that lift a story, compared whole and without case
	Share   float64     // part of the cards one feed may take, in (0,1]; 0 = DefaultShare
}

// Defaults of Options. Five cards, eight lines and a select menu of
// twenty-five fit what a person reads in two minutes.
const (
	DefaultCards = 5
	DefaultLines = 8
	DefaultShare = 0.4
)

// Input is everything Build looks at.
type Input struct {
	Articles []Article // new in this channel since its last digest
	Printed  []Article // leads of stories this channel has printed lately
	Now      time.Time
	Options  Options
}

// Story is one event and the articles that tell it.
type Story struct {
	Lead     Article   // the fullest and earliest telling
	Also     []Article // the others, in the order they are named
	Score    float64   // rank; higher stands earlier
	FollowUp int64     // id of the printed article it continues, 0 if it is new
	News     string    // for a follow-up: the lead's sentences that were not yet told, verbatim, "" else
	Summary  []string  // sentences of the card; Build leaves it empty
}

// Articles returns the story's articles, lead first.
func (s Story) Articles() []Article {
	return append([]Article{s.Lead}, s.Also...)
}

// Reasons why an article is in Edition.Dropped.
const (
	RuleJoined = "joined" // it retells a story already printed, adding nothing
	RuleTwice  = "twice"  // Input held the same id before
	RuleNoKeep = "nokeep" // there are keep rules and none of them matches
)

// Dropped is an article that the edition does not show, and why.
type Dropped struct {
	Article
	Rule string // RuleJoined, RuleTwice, RuleNoKeep, or the filter rule as the admin wrote it
	Into int64  // for RuleJoined: id of the printed article
}

// Edition is a digest's content in reading order. Every input article is
// either in exactly one story of Cards, Lines or More, or in Dropped.
type Edition struct {
	Cards, Lines, More []Story
	Dropped            []Dropped
	Stories            int // stories in Cards, Lines and More
	Articles           int // articles in those stories
	Feeds              int // different feeds of those articles
	// Beyond counts articles that were too many to be looked at; they are told
	// with More. Build leaves it 0.
	Beyond int
}

// All returns the edition's stories in reading order.
func (e Edition) All() []Story {
	all := make([]Story, 0, e.Stories)
	all = append(all, e.Cards...)
	all = append(all, e.Lines...)
	return append(all, e.More...)
}

// Empty reports whether the edition has no story.
func (e Edition) Empty() bool { return e.Stories == 0 }

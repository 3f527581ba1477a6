// Package feeds visits, reads and finds feeds.
//
// A [Client] visits a feed politely (conditional requests, spacing, the
// server's own wishes) and hands back a [Visit]: what was read, what must be
// remembered and when to come again. [Parse] reads a document that is already
// here. [Client.Discover] finds the feeds behind an address and [Client.Page]
// the main text of a page.
//
// The package stores nothing and knows nothing of Discord. It is the only one
// that speaks to github.com/mmcdole/gofeed, whose types never leave it.
package feeds

import "time"

// Feed is a feed as its document tells it, with our own fallbacks applied.
// All text is valid UTF-8; Title is plain text, links are absolute.
type Feed struct {
	// Kind is the dialect: rss0.9, rss0.91, rss0.92, rss1.0, rss2.0, atom0.3,
	// atom1.0 or json1.
	Kind string
	// Title is the feed's own title, "" if it has none.
	Title string
	// Link is the site the feed belongs to, "" if unknown.
	Link string
	// FeedURL is where the feed says it lives, else the address it was read from.
	FeedURL string
	// Language is the BCP 47 tag the feed claims, "" if it claims none.
	Language string
	// TTL is how long the document asks to be left alone: RSS ttl and
	// sy:updatePeriod, whichever is longer; 0 if it does not say.
	TTL time.Duration
	// Skip are the hours and days on which the document says that nothing is
	// published.
	Skip Skip
	// Items are in document order, at most 500 of them.
	Items []Item
	// Warnings are sentences about what had to be repaired.
	Warnings []string
}

// Item is one entry of a feed.
type Item struct {
	// ID is the publisher's id exactly as written, "" if there is none.
	ID string
	// Title is plain text; where the publisher gives none it is the beginning
	// of the text.
	Title string
	// Link is the absolute address of the article without tracking
	// parameters, "" if there is none.
	Link string
	// Author is a name, several joined by ", ".
	Author string
	// Published and Updated are UTC; zero if unknown.
	Published, Updated time.Time
	// Categories are the publisher's tags, without repetition.
	Categories []string
	// Image is the absolute address of a picture, "" if none.
	Image string
	// HTML is the fullest text of the item with scripts, styles and event
	// handlers removed; Text is the same as plain text, paragraphs by blank lines.
	HTML, Text string
	// Keys are all keys by which the item may be recognised, strongest first.
	// Two items of one document never share a key, unless they are the same.
	Keys []Key
	// Weak is the key of title and day. It proves nothing by itself (two
	// articles may share it), but Sift uses it to notice a publisher that gave
	// new ids to everything. 0 if the title is too short to mean anything.
	Weak Key
	// Content is a hash of what the item says, by which an edit is noticed. It
	// is never 0 in an item that Parse returns.
	Content uint64
}

// Key is an identity hash of an item, unique within its feed. It is never 0.
type Key uint64

// State is what has to be remembered of a feed between two visits. It must be
// saved in the transaction that saves the visit's items: a validator stored
// without them loses articles.
type State struct {
	// URL is where the feed is fetched.
	URL string
	// ETag and LastModified are the validators, verbatim and opaque.
	ETag, LastModified string
	// Validated is the address that the validators came from, "" for URL:
	// redirects may lead elsewhere the next time.
	Validated string
	// BodyHash is the hash of the last body that was parsed, 0 if none.
	BodyHash uint64
	// Redirect is the address to which permanent redirects have led for the
	// last Redirects visits, the first of them at RedirectSince.
	Redirect      string
	Redirects     int
	RedirectSince time.Time
	// Failures counts the visits that failed in a row.
	Failures int
	// Interval is the time between visits that the feed's own rhythm
	// suggests; 0 until the first successful visit.
	Interval time.Duration
	// Pace is the mean time between the items of the last document, 0 if it
	// gave no dates.
	Pace time.Duration
	// Skip is the last document's.
	Skip Skip
	// Subscribers is told to the server in the User-Agent. Whoever calls Visit
	// fills it in; it is not remembered.
	Subscribers int
}

// Forget drops what the next visit would know an unchanged document by, so that it
// is read whatever it says.
func (s *State) Forget() { s.ETag, s.LastModified, s.Validated, s.BodyHash = "", "", "", 0 }

// Visit is the outcome of one visit. Failures are data: see Err.
type Visit struct {
	// At is when the visit began, Took how long it lasted.
	At   time.Time
	Took time.Duration
	// Status is the last HTTP status, 0 if there was no answer.
	Status int
	// Unchanged reports that the feed holds what it held last time.
	Unchanged bool
	// Feed is nil if the visit failed or the feed is unchanged.
	Feed *Feed
	// State replaces the one given to Visit.
	State State
	// Next is when to visit again.
	Next time.Time
	// WaitUntil is the time before which the server has asked not to be
	// visited (Retry-After); zero if it has not asked.
	WaitUntil time.Time
	// Err says why the visit failed, nil if it did not.
	Err *Error
	// Gone reports that the feed has ended (410): it must not be polled again.
	Gone bool
	// Moved reports that State.URL has been changed to where permanent
	// redirects have been leading.
	Moved bool
	// Deferred reports that the feed was not requested: its host's queue is long,
	// or its domain, or that to which it redirects, has asked to be left alone.
	// Unchanged is true as well, State is the one given, and Next says when.
	Deferred bool
}

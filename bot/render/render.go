package render

import (
	"time"

	"broadsheet/bot/digest"
)

// Paper is an edition to be laid out.
type Paper struct {
	Title    string // the digest's own name; "" names it by the hour: "Morning edition"
	Edition  digest.Edition
	Locale   string         // Discord locale of the guild
	Zone     *time.Location // nil = UTC
	Now      time.Time
	Number   int64     // ordinal of the edition, kept in the custom ids
	DigestID int64     // kept in the custom ids
	Role     int64     // a role to mention above the first message, 0 = none
	Color    int       // accent, 0xRRGGBB; 0 = Accent
	Next     time.Time // the edition after this one, told by Empty; zero = not told
}

// Accent is the colour of Broadsheet's containers: ink on newsprint.
const Accent = 0x2F4858

// Reader is the one a reply is for.
type Reader struct {
	Locale string         // Discord locale of the member, or of the guild for posts
	Zone   *time.Location // nil = UTC
	Now    time.Time
}

// Text is a piece of writing that a reply condenses: a stored article, or any
// page a member asked about (ID 0).
type Text struct {
	digest.Article
	Sentences []string // verbatim, in order; nil shows that there was none
	Saved     bool     // the reader has saved it: offer to take it off the list
}

// Mark is a matched stretch of an excerpt, in bytes.
type Mark struct{ Start, End int }

// Hit is an article that a search found.
type Hit struct {
	digest.Article
	Excerpt string
	Marks   []Mark // in order, not overlapping
}

// Results is one page of a search.
type Results struct {
	Query   string
	FeedID  int64 // 0 = all feeds
	Hits    []Hit
	Total   int  // all pages
	Capped  bool // there are more than Total
	Page    int  // from 0
	PerPage int  // 0 = PerPage
}

// PerPage is how many articles a page of a list shows where it is not said.
const PerPage = 5

// Listing is one page of articles.
type Listing struct {
	Feed     string // title, for the latest of one feed
	FeedID   int64  // 0 = all feeds
	Articles []digest.Article
	Total    int // all pages
	Page     int // from 0
	PerPage  int // 0 = PerPage
}

// FeedRow is a subscription in the list of feeds.
type FeedRow struct {
	Title        string
	SiteURL      string
	ChannelID    int64
	Instant      bool
	LastPoll     time.Time // zero = not read yet
	NextPoll     time.Time
	FailingSince time.Time // zero = well
	ErrorKind    string    // a feeds.Kind
	Paused, Gone bool
	SilentSince  time.Time // since when it can be read and brings nothing; zero = it does
	GapAt        time.Time // when it scrolled past between two visits; zero = not lately
	GapItems     int       // about how many articles may be missing, 0 = nobody knows
}

// DigestRow is a digest in the list of digests.
type DigestRow struct {
	Name      string
	ChannelID int64
	Schedule  string // as a person reads it
	Zone      *time.Location
	Next      []time.Time
	LastSent  time.Time
	Paused    bool
}

// Added is a feed that was just subscribed.
type Added struct {
	SubscriptionID int64
	Title          string
	ChannelID      int64
	Instant        bool
	Newest         *digest.Story // as it would be posted; nil if the feed is empty
	Articles       int           // how many it already has
	NewDigest      *DigestRow    // the digest made for the channel's first feed, or nil
}

// Candidate is one of several feeds found at an address.
type Candidate struct{ URL, Title, Kind string }

// FeedNotice is a feed that somebody should look at. Its row says why; the
// row's ChannelID is not looked at.
type FeedNotice struct {
	FeedRow
	FeedID, GuildID int64
	Server          string  // the server's name, "" in the server itself
	Channels        []int64 // where its articles go
}

// FeedDetails is all there is to know of a feed.
type FeedDetails struct {
	FeedNotice
	URL            string // without secrets
	Interval, Pace time.Duration
	NewestAt       time.Time // zero = never
	Detail         string    // the last error in full, in English
}

package store

import (
	"time"

	"broadsheet/feeds"
)

// Guild is a Discord server.
type Guild struct {
	// ID is Discord's snowflake.
	ID int64
	// Name is as Discord tells it, Locale one of Discord's locales.
	Name, Locale string
	// Timezone is an IANA name, "" until an admin has chosen one.
	Timezone string
	// Gone says that the bot has been removed.
	Gone bool
}

// Feed is a publisher's feed, one row however many channels follow it.
type Feed struct {
	ID int64
	// State is what the next visit needs; State.URL is the feed's address.
	State feeds.State
	// Title, SiteURL, Language and Kind are what its document said last.
	Title, SiteURL, Language, Kind string
	// NextPoll is when it is due; LastPoll and LastOK are the last visit and
	// the last that succeeded; FailingSince is the first failed visit since;
	// WaitUntil is what its server asked for. All UTC, zero if never.
	NextPoll, LastPoll, LastOK, FailingSince, WaitUntil time.Time
	// LastError is a sentence, LastErrorKind a feeds.Kind; "" after a success.
	LastError, LastErrorKind string
	// Paused is what SetFeedPaused or a month of failures made of it, Gone the
	// publisher's wish (410); neither is polled.
	Paused, Gone bool
	CreatedAt    time.Time
	// Subscribers counts the subscriptions.
	Subscribers int
	// NewestAt is when its newest article was stored. GapAt is when its document
	// last held nothing that was known, so that about GapItems may be missing.
	NewestAt, GapAt time.Time
	GapItems        int
	// Told is what its admins have been told of its health: ToldFailing,
	// ToldStopped, ToldSilent or "".
	Told string
}

// What admins have been told of a feed.
const (
	ToldFailing = "failing"
	ToldStopped = "stopped"
	ToldSilent  = "silent"
)

// VisitRecord is a visit to be recorded with what it brought.
type VisitRecord struct {
	FeedID int64
	Visit  feeds.Visit
	// Items are those believed new. An item that has been recorded meanwhile
	// is not recorded again.
	Items []feeds.Item
	// Seen are further keys of items that are known already, Edits the known
	// items that say something else than they did.
	Seen  []feeds.Alias
	Edits []feeds.Edit
	// Gap replaces what is remembered of the feed's last gap, nil leaves it.
	Gap *Gap
	// Furniture are blocks of which the document shows that its site (Site,
	// feeds.SiteOf) puts them around everything.
	Site      string
	Furniture []feeds.Fingerprint
	// Touch records the feed's state alone; Items, Seen and Edits are not looked at.
	Touch bool
}

// Gap is a time of which a feed's document told nothing any more.
type Gap struct {
	// At is when it was noticed, zero for no gap.
	At time.Time
	// Items is about how many items came and went, 0 if nobody can say.
	Items int
}

// Recorded is what became of one VisitRecord.
type Recorded struct {
	FeedID int64
	// New are the ids of the articles that were inserted, in the order of Items,
	// Edited those of the articles that show something else than before.
	New, Edited []int64
	// Err is ErrNotFound for a feed that does not exist, ErrLeaseLost for one
	// that another process has leased and ErrUnfit for what the database cannot
	// hold: then nothing of it was recorded.
	Err error
}

// Mode is how a subscription delivers.
type Mode string

// The modes of a subscription.
const (
	ModeDigest  Mode = "digest"
	ModeInstant Mode = "instant"
)

// Subscription joins a feed and a channel. A channel follows a feed once.
type Subscription struct {
	ID, GuildID, ChannelID, FeedID int64
	Mode                           Mode
	// Title is the channel's own name for the feed, "" for the feed's.
	Title  string
	Paused bool
	// Weight raises (or, negative, lowers) the feed's articles in a digest.
	Weight int
	// Cursor is the last article of this feed that this channel has taken.
	// Passed to Subscribe it restores a subscription that was removed.
	Cursor    int64
	CreatedBy int64
	CreatedAt time.Time
	// Feed is filled in lists.
	Feed Feed
}

// Name is the subscription's title, else the feed's, else its address with
// its secrets masked: names are shown to everybody.
func (s Subscription) Name() string {
	switch {
	case s.Title != "":
		return s.Title
	case s.Feed.Title != "":
		return s.Feed.Title
	}
	return feeds.MaskURL(s.Feed.State.URL)
}

// Backlog says how many of the articles that are already there a new
// subscription may still print: the Articles newest, none older than MaxAge.
// A MaxAge of 0 sets no limit.
type Backlog struct {
	Articles int
	MaxAge   time.Duration
}

// SubscriptionFilter selects subscriptions; a zero field selects all.
type SubscriptionFilter struct{ GuildID, ChannelID, FeedID int64 }

// Digest is a newspaper's edition plan: where, when and how.
type Digest struct {
	ID, GuildID, ChannelID int64
	// Name is unique in its guild, letter case aside.
	Name, Schedule, Timezone, Locale string
	// Options is JSON that means nothing here.
	Options           string
	NextRun, LastSent time.Time
	// Edition counts the editions printed.
	Edition int64
	// Paused is an admin's wish; Declared comes from the configuration file.
	Paused, Declared bool
	CreatedBy        int64
	CreatedAt        time.Time
}

// DigestFilter selects digests; a zero field selects all.
type DigestFilter struct {
	GuildID, ChannelID int64
	Name               string
}

// Fate is what became of an article in a channel.
type Fate string

// The fates of an article.
const (
	FateCard     Fate = "card"     // printed as a card
	FateLine     Fate = "line"     // printed as a line
	FateCounted  Fate = "counted"  // part of "+14 more"
	FateJoined   Fate = "joined"   // named under its story's lead
	FateFiltered Fate = "filtered" // dropped by a filter
	FateSkipped  Fate = "skipped"  // left out, Detail says why
)

// Taken is one article that an edition used up, whatever became of it.
type Taken struct {
	ArticleID, FeedID int64
	Fate              Fate
	// StoryLead is the article that leads the story, 0 for a lead itself.
	StoryLead int64
	// Detail is free text: the filter's rule, the reason.
	Detail string
}

// Outgoing is a message to be delivered. Payload is opaque.
type Outgoing struct {
	Payload []byte
	// Kind is "digest", "instant" or "notice".
	Kind string
}

// Window is what a channel has not taken yet.
type Window struct {
	// Articles are the newest 5,000 of them, oldest first, with texts, kept
	// summaries and the votes of the channel's guild.
	Articles []Article
	// Truncated counts those that did not fit. They are older than Oldest,
	// the smallest id in Articles, and come back next time unless
	// Edition.CountBelow says that they were counted.
	Truncated int
	Oldest    int64
}

// Edition is one printing: what it used up and the messages that tell it.
type Edition struct {
	// DigestID is 0 for instant posts. The digest must have been leased.
	DigestID, GuildID, ChannelID int64
	Mode                         Mode
	// NextRun is the digest's next run; the zero time leaves it as it is, and
	// so does one that was set under the lease.
	NextRun time.Time
	// Ordinal is the number the edition prints on its front page; 0 for the next.
	// Another number than the next one is ErrLeaseLost.
	Ordinal int64
	// Taken holds every article that the edition used up.
	Taken []Taken
	// CountBelow takes, as FateCounted, every article of the window whose id
	// is smaller: set it to Window.Oldest of a truncated window. 0 takes none.
	CountBelow int64
	// Messages are delivered in this order. With none, nothing was printed.
	Messages []Outgoing
}

// Delivery is a message on its way.
type Delivery struct {
	ID, GuildID, ChannelID int64
	Kind                   string
	Payload                []byte
	// Nonce is the same at every attempt and unlike that of any other delivery;
	// 25 characters, which is Discord's limit.
	Nonce string
	// Attempt counts from 1; FirstAttempt is when the first was leased.
	Attempt                 int
	FirstAttempt, CreatedAt time.Time
	// EditionID is 0 outside editions; Seq is the position in its edition.
	EditionID int64
	Seq       int
}

// Article is one piece of a feed.
type Article struct {
	ID, FeedID                                       int64
	FeedTitle                                        string
	GUID, Title, Link, Author, Language, Image, Text string
	Categories                                       []string
	// Seen is when it was stored.
	Published, Updated, Seen time.Time
	// Summary is the kept summary of SummaryMode, which is "" if none was kept.
	// One without sentences says that the text was found too short.
	Summary     []string
	SummaryMode string
	// Teaser says that the text is only a beginning, PageWaiting that the page
	// with the rest is still to be read.
	Teaser, PageWaiting bool
	// Votes is the sum of members' votes, Weight the subscription's weight.
	Votes, Weight int
}

// SummaryShort is the mode of the summary that fills Article.Summary.
const SummaryShort = "short"

// PageResult is the outcome of completing a teaser from its page.
type PageResult struct {
	// Text replaces the article's text if it is not empty; Image, Language and
	// Title fill what the feed left empty.
	Text, Image, Language, Title string
	// Done ends the attempts. Otherwise the next is at RetryAt.
	Done    bool
	RetryAt time.Time
	// Reason says why there is no text.
	Reason string
	// ETag and LastModified are the validators of the page that the text was
	// taken from, verbatim.
	ETag, LastModified string
	// Site is where the page stands (feeds.SiteOf), and Blocks are those of its
	// blocks that may be furniture of the site.
	Site   string
	Blocks []feeds.Fingerprint
}

// Query asks for articles.
type Query struct {
	// Text is what a person typed: words that must all occur, "phrases in
	// quotes", and a trailing * for a beginning.
	Text string
	// GuildID restricts the answer to the feeds the guild follows, 0 does not;
	// FeedID to one feed.
	GuildID, FeedID int64
	// Limit defaults to 10 and is at most 100.
	Limit, Offset int
}

// Mark is a matched word: bytes [Start, End) of an excerpt.
type Mark struct{ Start, End int }

// Hit is an article that was found.
type Hit struct {
	Article
	// Excerpt is the passage that says most about the query, cut at words.
	Excerpt string
	Marks   []Mark
}

// Counts is the state of the store in figures.
type Counts struct {
	Feeds, Articles, Subscriptions, PendingDeliveries, FailingFeeds int
	// LastPoll is the last visit of any feed, OldestPending the birth of the
	// oldest delivery that waits for more than a permission; zero if there is none.
	LastPoll, OldestPending time.Time
	// Database is where it lives, without secrets.
	Database string
}

// Path is one article's way through a guild, for people who ask why it was
// or was not posted.
type Path struct {
	Article Article
	Feed    Feed
	// Page says how completing it from its page went: "" for an article that
	// was complete, else "waiting", "done" or "failed"; PageReason why.
	Page, PageReason string
	Channels         []ChannelPath
}

// ChannelPath is an article's way in one channel that follows its feed, or did.
type ChannelPath struct {
	ChannelID int64
	// Subscribed is false if the channel follows the feed no longer.
	Subscribed bool
	Mode       Mode
	// Waiting says that the next edition may still print it; Behind that it
	// was there before the channel subscribed.
	Waiting, Behind bool
	// Fate is "" as long as the article has not been taken.
	Fate      Fate
	Detail    string
	StoryLead int64
	LeadTitle string
	At        time.Time
	// Parked is the missing permission that holds the channel up, "" if none.
	Parked     string
	EditionID  int64
	Deliveries []DeliveryState
}

// DeliveryState is where a delivery stands.
type DeliveryState struct {
	ID int64
	// State is "pending", "sent", "failed" or "dropped"; Why says why it
	// failed, was dropped or is being repeated.
	State, Why string
	Attempt    int
	MessageID  int64
	// At is when it was sent or given up, else when it is due.
	At time.Time
}

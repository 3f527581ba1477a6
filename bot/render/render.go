package render

import (
	"time"

	"broadsheet/bot/digest"
	"broadsheet/bot/discord"
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

// FeedNotice tells an admin what became of a feed.
type FeedNotice struct {
	Event     string // FeedFailing, FeedStopped, FeedRecovered or FeedMoved
	FeedID    int64
	Title     string
	ErrorKind string    // a feeds.Kind
	Since     time.Time // FeedFailing
	URL       string    // FeedMoved
}

// Events of a FeedNotice.
const (
	FeedFailing   = "failing"
	FeedStopped   = "stopped"
	FeedRecovered = "recovered"
	FeedMoved     = "moved"
)

// Digest lays out an edition: as many messages as Discord's limits need, in
// order, the buttons under the last. An edition without stories gives none.
func Digest(p Paper) []discord.Message { return nil }

// Empty says that an edition has no stories, for digests that say so.
func Empty(p Paper) discord.Message { return discord.Message{} }

// Page lists the stories of an edition that have no card, page by page, for
// the member who pressed Next page.
func Page(p Paper, page int) discord.Message { return discord.Message{} }

// PickArticle asks which story of an edition a button under the digest is
// about. kind is KindPickSave, KindPickUp or KindPickDown.
func PickArticle(r Reader, kind string, e digest.Edition) discord.Message { return discord.Message{} }

// Card lays out one story by itself: an instant post.
func Card(r Reader, s digest.Story) discord.Message { return discord.Message{} }

// Folded lays out the instant posts that an hour's limit left over as lines of
// "＋14 more" messages.
func Folded(r Reader, stories []digest.Story) []discord.Message { return nil }

// ArticleReply lays out the longer summary of one text; each sentence links to
// its place in the source.
func ArticleReply(r Reader, t Text) discord.Message { return discord.Message{} }

// Search lays out a page of results.
func Search(r Reader, s Results) discord.Message { return discord.Message{} }

// Latest lays out a page of the newest articles.
func Latest(r Reader, l Listing) discord.Message { return discord.Message{} }

// Saved lays out a page of a member's saved articles.
func Saved(r Reader, l Listing) discord.Message { return discord.Message{} }

// FeedList lays out a page of rows with each feed's health. channelID is the
// channel the list is narrowed to, 0 = none.
func FeedList(r Reader, rows []FeedRow, channelID int64, page int) discord.Message {
	return discord.Message{}
}

// DigestList lays out a page of digests with their next runs.
func DigestList(r Reader, rows []DigestRow, channelID int64, page int) discord.Message {
	return discord.Message{}
}

// DigestCreated confirms a new digest with its next runs.
func DigestCreated(r Reader, d DigestRow) discord.Message { return discord.Message{} }

// FeedAdded shows a new feed's newest article and asks what shall become of
// those it already has.
func FeedAdded(r Reader, a Added) discord.Message { return discord.Message{} }

// ChooseFeed offers the feeds found at site. mode is the mode the admin asked
// for, "" if none.
func ChooseFeed(r Reader, site string, channelID int64, mode string, found []Candidate) discord.Message {
	return discord.Message{}
}

// ChoiceValue is the value by which ChooseFeed's menu names a feed: its address
// if that fits a menu, else "#" and a hash of it.
func ChoiceValue(address string) string { return address }

// Removed confirms that a feed was removed and offers Undo, which carries args.
func Removed(r Reader, title string, channelID int64, args ...string) discord.Message {
	return discord.Message{}
}

// Feed lays out a notice about a feed for an admin, with what can be done.
func Feed(r Reader, n FeedNotice) discord.Message { return discord.Message{} }

// Permissions tells an admin which permissions are missing in a channel.
func Permissions(r Reader, channelID int64, missing []discord.Permission) discord.Message {
	return discord.Message{}
}

// Notice is a plain message: text already in the reader's language and already
// escaped.
func Notice(text string) discord.Message { return discord.Message{} }

// Help lays out the short help; admin adds what only admins can use.
func Help(r Reader, admin bool) discord.Message { return discord.Message{} }

// PlainText writes messages for a terminal of 80 columns.
func PlainText(messages []discord.Message) string { return "" }

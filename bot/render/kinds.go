package render

// Kinds of custom ids, with the arguments that discord.DecodeID returns for
// them. Ids are decimal numbers, pages count from 0.
const (
	KindRead       = "read"    // menu, value = article id: [digest, edition]; 0, 0 under other lists
	KindDigestSave = "dsave"   // button under a digest: [digest, edition]
	KindDigestUp   = "dup"     // [digest, edition]
	KindDigestDown = "ddown"   // [digest, edition]
	KindDigestPage = "dpage"   // [digest, edition, page]; page 0 is what follows the cards
	KindPickSave   = "psave"   // menu that PickArticle shows, value = article id: []
	KindPickUp     = "pup"     // []
	KindPickDown   = "pdown"   // []
	KindSave       = "save"    // [article]
	KindUnsave     = "unsave"  // [article]
	KindUp         = "up"      // [article]
	KindDown       = "down"    // [article]
	KindSearch     = "search"  // [page, feed or 0, query]
	KindLatest     = "latest"  // [page, feed or 0]
	KindSaved      = "saved"   // [page]
	KindFeeds      = "feeds"   // [page, channel or 0]
	KindDigests    = "digests" // [page, channel or 0]
	KindShare      = "share"   // [what, arguments of what …]; what is one of the Share constants
	KindChoose     = "choose"  // menu, value = ChoiceValue of a feed: [channel, mode, site]
	KindBacklog    = "backlog" // [subscription, one of the Backlog constants]
	KindUndo       = "undo"    // [arguments given to Removed …]
	KindHealth     = "fhealth" // [page]
	KindRetry      = "fretry"  // [feed, server]
	KindPause      = "fpause"  // [feed, server]
	KindRemove     = "fremove" // [feed, server]
)

// What a KindShare button shares.
const (
	ShareArticle = "article" // [article]
	ShareLink    = "link"    // [address]
	ShareSearch  = "search"  // [page, feed or 0, query]
	ShareLatest  = "latest"  // [page, feed or 0]
)

// An admin's answers to what shall become of the articles a new feed already
// has.
const (
	BacklogNothing = "0"
	BacklogLatest  = "1"
	BacklogFive    = "5"
	BacklogDigest  = "digest"
)

// MaxQuery is the longest search query, in characters, whose result pages and
// Share button surely fit a custom id.
const MaxQuery = 40

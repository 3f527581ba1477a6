package discord

// RequestKind says what a person did.
type RequestKind int

// Kinds of requests.
const (
	RequestCommand RequestKind = iota + 1
	RequestMenu
	RequestComponent
	RequestAutocomplete
	RequestModal
)

// Request is something a person asked of the bot: a command, a press, a choice,
// a filled-in form, or the start of a word to complete.
type Request struct {
	ID, GuildID, ChannelID, UserID, ApplicationID int64
	Kind                                          RequestKind
	// Locale is the person's language, GuildLocale the server's; both BCP 47.
	Locale, GuildLocale string
	// Permissions are the person's in this channel; AppPermissions the bot's.
	Permissions, AppPermissions int64
	// UserName is the person's name as the server shows it.
	UserName string

	// Command is the path of a slash command ("feeds add"), or the name of
	// a menu entry.
	Command string
	// Options holds the given options by name; numbers, ids and booleans as text.
	Options map[string]string
	// Focused names the option being typed (autocompletion).
	Focused string

	// CustomKind and CustomArgs are the decoded custom id of the component or
	// form.
	CustomKind string
	CustomArgs []string
	// Values are what was chosen in a select menu.
	Values []string
	// Fields are a form's inputs by their id.
	Fields map[string]string
	// MessageID is the message the component sits on.
	MessageID int64

	// Target is the message a menu entry was used on.
	Target *Target
	// Attachments are files given as options, by the option's name.
	Attachments map[string]Attachment

	token       string // answers need it; it must not reach a log
	focusedKind OptionKind
}

// Target is the message that a message command was used on.
type Target struct {
	MessageID, ChannelID int64
	Content              string
	// Links are the web addresses in its text, embeds and link buttons, in
	// order, each once.
	Links []string
}

// Attachment is a file that a person gave with a command. Client.Attachment
// reads it. Size is in bytes.
type Attachment struct {
	ID                int64
	Name, ContentType string
	URL               string
	Size              int64
}

// Reply is the answer to a Request. The zero Reply acknowledges a press without
// changing anything.
type Reply struct {
	Message Message
	// Public shows the answer to everyone in the channel; otherwise the one who
	// asked sees it alone.
	Public bool
	// Update replaces the message on which the pressed component sits.
	Update bool
	// Choices answer an autocompletion: at most 25.
	Choices []Choice
	// Modal opens a form instead of answering. It must come within the time
	// that Discord allows for a first answer, so a slow handler cannot use it.
	Modal *Modal
}

// Modal is a form of up to five inputs; its Title holds 45 code points.
type Modal struct {
	CustomID, Title string
	Inputs          []Input
}

// Input is one text field of a form; its Label holds 45 code points.
type Input struct {
	ID, Label, Value, Placeholder string
	// Long gives several lines.
	Long     bool
	Required bool
	// Min and Max bound the length in code points; 0 means no bound.
	Min, Max int
}

package discord

// CommandKind is where a command is offered.
type CommandKind int

// Kinds of commands.
const (
	// ChatInput is a slash command; it is what the zero CommandKind means.
	ChatInput CommandKind = 1
	// MessageMenu is an entry of a message's menu.
	MessageMenu CommandKind = 3
)

// Contexts a command can be used in, and ways an app can be installed.
const (
	ContextGuild          = 0
	ContextBotDM          = 1
	ContextPrivateChannel = 2

	InstallGuild = 0
	InstallUser  = 1
)

// OptionKind is the type of a command's option.
type OptionKind int

// Option kinds. Source: Discord's documentation, "Application Command Option Type".
const (
	OptionSubcommand OptionKind = 1
	OptionGroup      OptionKind = 2
	OptionString     OptionKind = 3
	OptionInteger    OptionKind = 4
	OptionBoolean    OptionKind = 5
	OptionUser       OptionKind = 6
	OptionChannel    OptionKind = 7
	OptionRole       OptionKind = 8
	OptionMention    OptionKind = 9
	OptionNumber     OptionKind = 10
	OptionAttachment OptionKind = 11
)

// Command is a command as its owner writes it. Names and Descriptions map a
// locale ("de", "pt-BR", "en", "es") to a text; English is sent as en-US and
// en-GB, Spanish as es-ES and es-419.
type Command struct {
	Name, Description string
	Names             map[string]string
	Descriptions      map[string]string
	Kind              CommandKind
	// Permissions a member needs to be offered the command; 0 is everyone.
	Permissions int64
	// Contexts and Installs default to guilds alone and guild installs alone.
	Contexts, Installs []int
	Options            []Option
}

// Option is an option of a command, a subcommand or a group of them.
type Option struct {
	Kind              OptionKind
	Name, Description string
	Names             map[string]string
	Descriptions      map[string]string
	Required          bool
	Autocomplete      bool
	Choices           []Choice
	Options           []Option
	// ChannelKinds limits what an OptionChannel offers.
	ChannelKinds []ChannelKind
	// Min and Max bound the value of a number, or the length of a string. They
	// apply when Max is not 0; a lower bound alone applies to strings.
	Min, Max int
}

// Choice is one value offered for an option. Name holds at most 100 code points
// and is cut; a Value over 100 is dropped by autocompletion, since a part of
// a value means something else.
type Choice struct {
	Name  string
	Names map[string]string
	Value string
}

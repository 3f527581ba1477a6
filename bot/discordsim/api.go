package discordsim

import (
	"encoding/json"
	"errors"
	"time"
)

// The kinds of channels that a Sim keeps, with Discord's numbers.
const (
	KindText               = 0
	KindDM                 = 1
	KindAnnouncement       = 5
	KindAnnouncementThread = 10
	KindPublicThread       = 11
	KindForum              = 15
)

// The permissions that a Sim enforces, with Discord's bits.
const (
	Administrator         int64 = 1 << 3
	ManageChannels        int64 = 1 << 4
	ManageGuild           int64 = 1 << 5
	ViewChannel           int64 = 1 << 10
	SendMessages          int64 = 1 << 11
	ManageMessages        int64 = 1 << 13
	EmbedLinks            int64 = 1 << 14
	AttachFiles           int64 = 1 << 15
	ReadMessageHistory    int64 = 1 << 16
	MentionEveryone       int64 = 1 << 17
	UseCommands           int64 = 1 << 31
	CreatePublicThreads   int64 = 1 << 35
	SendMessagesInThreads int64 = 1 << 38

	// InvitePermissions are those of the bot's own role in a new guild.
	InvitePermissions = ViewChannel | SendMessages | EmbedLinks | AttachFiles | ReadMessageHistory |
		SendMessagesInThreads | CreatePublicThreads
)

// What a member's act can come to besides an answer.
var (
	// ErrNoAnswer is "The application did not respond": no first response within
	// 3 seconds, or a deferral that was never completed.
	ErrNoAnswer = errors.New("the application did not respond")
	// ErrForbidden is a command that Discord would not offer this member.
	ErrForbidden = errors.New("the member may not use this command")
	// ErrUnknown is a guild, channel, member, message, command or component
	// that is not there.
	ErrUnknown = errors.New("unknown")
	// ErrInput is input that Discord's own client would not let through: a
	// required option left out, a value that is not among the choices.
	ErrInput = errors.New("input not accepted")
)

// Message is one message as the simulator keeps it.
type Message struct {
	ID, ChannelID, AuthorID int64
	Content                 string
	Nonce                   string
	Flags                   int
	Posted                  time.Time
	Edited                  time.Time // zero: never
	Crossposted             bool
	// EphemeralTo is the one member who sees an ephemeral message, else 0.
	EphemeralTo int64
	// Pings is what the message notifies: "everyone", "here", or ids of roles and users.
	Pings []string
	// JSON is the message in Discord's wire form.
	JSON  json.RawMessage
	Files []File
}

// File is an uploaded file: in a message, or as a command's attachment option.
type File struct {
	Name        string `json:"filename"`
	ContentType string `json:"content_type"`
	Data        []byte `json:"data"`
}

// Choice is one suggestion of an autocompletion.
type Choice struct {
	Name  string `json:"name"`
	Value any    `json:"value"` // string or json.Number
}

// Response is what the bot answered to one act of a member.
type Response struct {
	// InteractionID names the interaction, for SubmitModal and Replies.
	InteractionID int64
	// Deferred: the first response was a deferral (types 5 and 6).
	Deferred bool
	// Ephemeral: only the member sees the message.
	Ephemeral bool
	// Update: the message that the component sits on was changed (types 6 and 7).
	Update bool
	// MessageID and Message are the answer, 0 and nil for a modal, choices or
	// a component that was acknowledged and nothing more. Message is the
	// wire form.
	MessageID int64
	Message   json.RawMessage
	// Modal is the wire form of the modal shown: custom_id, title, components.
	Modal json.RawMessage
	// Choices are the suggestions of an autocompletion.
	Choices []Choice
	// FirstAfter is the time from the act to the first response.
	FirstAfter time.Duration
}

// Request is one REST request as it was received, with what was answered.
type Request struct {
	Method string
	Path   string // below the version: "/channels/1/messages"
	Query  string
	Body   json.RawMessage // the JSON body (payload_json of a form), nil if none
	At     time.Time
	Status int // 0: the answer was dropped or the connection refused
}

// Limit is the kind of a scripted 429.
type Limit int

// The kinds of rate limits a client can meet.
const (
	LimitUser   Limit = iota // this bot on this route, with X-RateLimit headers
	LimitGlobal              // the whole bot: X-RateLimit-Global, no Reset-After
	LimitShared              // the resource, for every bot: does not count as invalid
	LimitHTML                // Cloudflare's ban page (1015): HTML, not JSON
)

package command

import (
	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
	"broadsheet/bot/render"
)

// Definitions are the commands as Discord registers them, in every language of
// the catalogue. Admin verbs and member verbs are separate commands, since
// Discord applies a permission to a whole command.
func Definitions() []discord.Command {
	admin := func(name string, verbs ...discord.Option) discord.Command {
		c := member(name, verbs...)
		c.Permissions = discord.ManageServer
		c.Contexts = []int{discord.ContextGuild}
		return c
	}
	news := member("news",
		verb("news.latest", text("news.latest.feed", false, true)),
		verb("news.search", long(text("news.search.query", true, false), render.MaxQuery), text("news.search.feed", false, true)),
		verb("news.read", text("news.read.article", true, true), length()),
		verb("news.summary", long(text("news.summary.url", true, false), maxAddress), length()),
		verb("news.saved"),
		verb("news.why", text("news.why.article", true, true)),
	)
	news.Contexts = []int{discord.ContextGuild}
	return []discord.Command{
		admin("feeds",
			verb("feeds.add", long(text("feeds.add.url", true, false), maxAddress), channel("feeds.add.channel"),
				choice("feeds.add.mode", "digest", "instant"), long(text("feeds.add.title", false, false), maxNamed)),
			verb("feeds.list", channel("feeds.list.channel")),
			verb("feeds.health"),
			verb("feeds.info", text("feeds.info.feed", true, true)),
			verb("feeds.remove", text("feeds.remove.feed", true, true)),
			verb("feeds.pause", text("feeds.pause.feed", true, true)),
			verb("feeds.resume", text("feeds.resume.feed", true, true)),
		),
		admin("digest",
			verb("digest.create", text("digest.create.schedule", true, true), channel("digest.create.channel"),
				text("digest.create.timezone", false, true), long(text("digest.create.name", false, false), maxNamed),
				length(),
				number("digest.create.cards", 1, maxCards)),
			verb("digest.list"),
			verb("digest.run", text("digest.run.digest", true, true)),
			verb("digest.preview", text("digest.preview.digest", true, true)),
			verb("digest.remove", text("digest.remove.digest", true, true)),
		),
		news,
		member("help"),
	}
}

// maxAddress is the longest address that somebody can give, in characters:
// what browsers and servers agree on.
const maxAddress = 2000

// member is a top-level command for everybody; id is its path in the catalogue.
func member(id string, verbs ...discord.Option) discord.Command {
	return discord.Command{
		Kind: discord.ChatInput, Name: word(id), Description: describe(id),
		Names: i18n.All("cmd." + id + ".name"), Descriptions: i18n.All("cmd." + id + ".description"),
		Options: verbs,
	}
}

func verb(id string, options ...discord.Option) discord.Option {
	o := option(id, discord.OptionSubcommand)
	o.Options = options
	return o
}

func option(id string, kind discord.OptionKind) discord.Option {
	return discord.Option{
		Kind: kind, Name: word(id), Description: describe(id),
		Names: i18n.All("cmd." + id + ".name"), Descriptions: i18n.All("cmd." + id + ".description"),
	}
}

func text(id string, required, autocomplete bool) discord.Option {
	o := option(id, discord.OptionString)
	o.Required, o.Autocomplete = required, autocomplete
	return o
}

// long limits a text to n characters.
func long(o discord.Option, n int) discord.Option {
	o.Max = n
	return o
}

func channel(id string) discord.Option {
	o := option(id, discord.OptionChannel)
	o.ChannelKinds = postableKinds()
	return o
}

func number(id string, least, most int) discord.Option {
	o := option(id, discord.OptionInteger)
	o.Min, o.Max = least, most
	return o
}

func choice(id string, values ...string) discord.Option {
	o := option(id, discord.OptionString)
	for _, v := range values {
		key := "cmd." + id + ".choice." + v
		o.Choices = append(o.Choices, discord.Choice{Name: i18n.For("en-US").T(key), Names: i18n.All(key), Value: v})
	}
	return o
}

// length is how long a summary is to be.
func length() discord.Option { return choice("length", LengthLine, LengthShort, LengthLong) }

// word and describe are the English name and description; the name that the
// router dispatches by is always the English one.
func word(id string) string     { return i18n.For("en-US").T("cmd." + id + ".name") }
func describe(id string) string { return i18n.For("en-US").T("cmd." + id + ".description") }

// postableKinds are the kinds of channels a digest can be printed in.
func postableKinds() []discord.ChannelKind {
	return []discord.ChannelKind{
		discord.ChannelText, discord.ChannelAnnouncement, discord.ChannelForum, discord.ChannelPublicThread,
		discord.ChannelAnnouncementThread,
	}
}

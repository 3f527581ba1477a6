package render

import (
	"strings"

	"broadsheet/bot/discord"
	"broadsheet/bot/i18n"
)

// Removed confirms that a feed was removed and offers Undo, which carries args.
func Removed(r Reader, title string, channelID int64, args ...string) discord.Message {
	w := r.writer()
	cs := []discord.Component{discord.Text(w.T("feeds.removed", "feed", name(title), "channel", channel(channelID)))}
	if id, ok := exactID(KindUndo, args...); ok {
		cs = append(cs, discord.Row(discord.Button(discord.StyleSecondary, id, w.T("button.undo"), "↩")))
	}
	return boxed(cs...)
}

// PermissionName is a permission as Discord's settings call it in locale's
// language.
func PermissionName(locale string, p discord.Permission) string {
	id := map[discord.Permission]string{
		discord.ViewChannel:                      "permission.view_channel",
		discord.SendMessages:                     "permission.send_messages",
		discord.EmbedLinks:                       "permission.embed_links",
		discord.AttachFiles:                      "permission.attach_files",
		discord.ReadMessageHistory:               "permission.read_message_history",
		discord.SendInThreads:                    "permission.send_messages_in_threads",
		discord.CreatePublicThreads:              "permission.create_public_threads",
		discord.Permission(discord.ManageServer): "permission.manage_guild",
	}[p]
	if id == "" {
		return p.Name()
	}
	return i18n.For(locale).T(id)
}

// Permissions tells an admin which permissions are missing in a channel; with
// none missing, that Discord refuses for a reason it does not show.
func Permissions(r Reader, channelID int64, missing []discord.Permission) discord.Message {
	w := r.writer()
	if len(missing) == 0 {
		return boxed(discord.Text(w.T("notice.refused", "channel", channel(channelID)) + "\n-# " + w.T("notice.refused.hint")))
	}
	names := make([]string, len(missing))
	for i, p := range missing {
		names[i] = "**" + PermissionName(w.Locale(), p) + "**"
	}
	return boxed(discord.Text(w.T("notice.permission", "channel", channel(channelID),
		"permissions", strings.Join(names, w.T("story.papers.separator"))) +
		"\n-# " + w.T("notice.permission.hint")))
}

// Notice is a plain message: text already in the reader's language and already
// escaped.
func Notice(text string) discord.Message { return boxed(discord.Text(text)) }

// Help lays out the short help; admin adds what only admins can use.
func Help(r Reader, admin bool) discord.Message {
	w := r.writer()
	row := func(path, text string) string { return w.command(path) + " · " + text }
	cs := []discord.Component{
		discord.Text("## " + w.T("help.title") + "\n" + w.T("help.intro")),
		discord.Text(strings.Join([]string{
			"**" + w.T("help.members") + "**",
			row("news latest", w.T("help.latest")),
			row("news search", w.T("help.search")),
			row("news read", w.T("help.read")),
			row("news summary", w.T("help.summary")),
		}, "\n")),
	}
	if admin {
		cs = append(cs, discord.Text(strings.Join([]string{
			"**" + w.T("help.admins") + "**",
			row("feeds add", w.T("help.feedsadd")),
			row("feeds list", w.T("help.feedslist")),
			row("feeds health", w.T("help.feedshealth")),
			row("digest create", w.T("help.digestcreate")),
			row("digest run", w.T("help.digestrun")),
		}, "\n")))
	}
	return boxed(append(cs, discord.Row(
		discord.Button(discord.StylePrimary, discord.EncodeID(KindLatest, "0", "0"), w.T("latest.header"), ""),
		discord.Button(discord.StyleSecondary, discord.EncodeID(KindSaved, "0"), w.T("saved.header"), ""),
	))...)
}

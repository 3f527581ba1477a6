// The simulated Discord's control endpoint: see discordsim's Control.

export class Sim {
  constructor(base) {
    this.base = base;
  }

  async request(path, body) {
    const answer = await fetch(this.base + path, body && {
      method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body),
    });
    const value = await answer.json().catch(() => ({ error: `the demo answered with status ${answer.status}` }));
    if (!answer.ok) throw Object.assign(new Error(value.error), { status: answer.status });
    return value;
  }

  // state returns the first server and who is in it.
  async state() {
    const { guilds, bot, connected, commands } = await this.request('state');
    const guild = guilds.find((g) => !g.removed) || { name: '…', channels: [], members: [], roles: [] };
    return { ...guild, bot: { ...bot, name: bot.global_name || bot.username }, connected, commands };
  }

  // messages returns what a member sees in a channel, oldest first.
  async messages(channel, member, limit = 200) {
    const { messages } = await this.request(`channels/${channel}/messages?member=${member}&limit=${limit}`);
    return messages;
  }

  // direct returns what the bot wrote to a member privately.
  async direct(member) {
    return (await this.request(`members/${member}/dms`)).messages;
  }

  // act lets a member do something and waits for the bot's answer.
  act(body) {
    return this.request('act', body);
  }

  async complete(body) {
    return (await this.act({ act: 'autocomplete', ...body })).choices || [];
  }

  // listen follows what happens. EventSource reconnects by itself and then
  // says where it left off.
  listen({ refresh, arrived, removed, lost }) {
    const source = new EventSource(`${this.base}events`);
    const on = (names, handle) => names.forEach((name) => source.addEventListener(name, (event) => handle(JSON.parse(event.data), name)));
    on(['message', 'edit'], arrived);
    on(['delete'], ({ id }) => removed(id));
    let due = 0;
    on(['guild', 'guild_removed', 'channel', 'channel_deleted', 'member', 'commands', 'gateway'], () => {
      clearTimeout(due); // one look is enough for many changes
      due = setTimeout(refresh, 60);
    });
    source.addEventListener('open', () => refresh());
    source.addEventListener('error', () => lost());
  }
}

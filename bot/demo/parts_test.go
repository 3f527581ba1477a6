package demo

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"testing"

	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"

	"broadsheet/bot/discordsim"
)

// part is one check of the page's own scripts: a function body that returns
// what is compared, as JSON, with want.
type part struct {
	name, script, want string
}

// TestThePagesPartsInABrowser runs parts of the page without a bot behind it.
func TestThePagesPartsInABrowser(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("needs chromium")
	}
	server := httptest.NewServer(mustStage(t, Options{}).handler())
	t.Cleanup(server.CloseClientConnections)
	b := openBrowser(t, server.URL+"/")
	b.open()
	// Only a page that was touched has the focus, and tells of its changes.
	b.click("touch the page", "#log")
	groups := []struct {
		name, setUp string
		parts       []part
	}{
		{"log", logBench, logParts()},
		{"composer", composerBench, composerParts()},
		{"documents", documentBench, documentParts()},
	}
	for _, g := range groups {
		for _, p := range g.parts {
			t.Run(g.name+": "+p.name, func(t *testing.T) {
				one := *b
				one.t = t
				got := eval[any](&one, "(async () => {"+g.setUp+p.script+"})()")
				var want any
				if err := json.Unmarshal([]byte(p.want), &want); err != nil {
					t.Fatal(err)
				}
				if diff := cmp.Diff(want, got); diff != "" {
					t.Errorf("%s\n(-want +got):\n%s", p.script, diff)
				}
			})
		}
	}
	b.do("leave the page", chromedp.Navigate("about:blank"))
}

// TestThreadsAndPrivateMessagesInABrowser shows what a server has besides
// ordinary channels.
func TestThreadsAndPrivateMessagesInABrowser(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("needs chromium")
	}
	s := mustStage(t, Options{})
	forum := s.sim.AddChannel(s.guild, "editions", discordsim.KindForum)
	post := s.sim.AddThread(forum, "Sunday's edition")
	s.sim.AddThread(s.digests, "talk about it")
	s.sim.PostAs(s.admin, post, "What a *whale*!")
	mux := http.NewServeMux()
	mux.Handle("/", s.handler())
	// The bot of this test is absent: its letter to Nell is put in its mouth.
	mux.HandleFunc(fmt.Sprintf("GET /sim/members/%d/dms", s.member), func(w http.ResponseWriter, r *http.Request) {
		fmt.Fprintf(w, `{"messages":[{"message":{"id":"99","channel_id":"5","content":"A feed is failing.","flags":0,"embeds":[],
			"components":[],"attachments":[],"timestamp":"2026-11-22T08:00:00Z","edited_timestamp":null,
			"author":{"id":"%d","username":"broadsheet","global_name":"Broadsheet","bot":true}}}]}`, s.sim.BotID())
	})
	server := httptest.NewServer(mux)
	t.Cleanup(server.CloseClientConnections)
	b := openBrowser(t, server.URL+"/")
	b.open()
	names := eval[string](b, `[...document.querySelectorAll('.channel > span:first-of-type')].map(n => n.textContent).join('|')`)
	if want := "morning-paper|talk about it|as-it-happens|tea-room|editions|Sunday's edition|Broadsheet"; names != want {
		t.Errorf("channels %q, want %q", names, want)
	}
	b.await("threads set in", `document.querySelectorAll('.channel.thread').length === 2`)
	b.await("what others wrote marked unread", `document.querySelectorAll('.channel')[5].classList.contains('unread')`)
	b.await("what the bot wrote, too", `document.querySelectorAll('.channel')[6].classList.contains('unread')`)
	b.click("the post", `#channels li:nth-child(6) .channel`)
	b.await("its text", `document.querySelector('.message em')?.textContent === 'whale'`)
	b.click("the letter", `#channels li:nth-child(7) .channel`)
	b.await("its text", `document.querySelector('.message .text')?.textContent === 'A feed is failing.'`)
	b.await("nothing unread", `document.querySelectorAll('.channel.unread').length === 0`)
	b.click("look as the admin", `#viewer label:nth-of-type(2) span`)
	b.await("no letters to her", `document.querySelectorAll('.channel').length === 6`)
	b.click("the post", `#channels li:nth-child(6) .channel`)
	b.await("its text", `document.querySelector('.message em')?.textContent === 'whale'`)
	// A channel that is gone when its messages are asked for. The answer comes from
	// a script, since Chromium complains of one that comes from the server.
	eval[bool](b, `(() => { window.asked = window.fetch; window.fetch = (url, options) => String(url).includes('/messages')
		? Promise.resolve(new Response('{"error": "unknown channel"}', { status: 404 })) : window.asked(url, options); return true; })()`)
	b.click("the first channel", `#channels li:nth-child(1) .channel`)
	b.await("its name", `document.querySelector('#channel-name').textContent === 'morning-paper'`)
	eval[bool](b, `(window.fetch = window.asked, true)`)
	b.click("the post again", `#channels li:nth-child(6) .channel`)
	b.await("its name", `document.querySelector('#channel-name').textContent === "Sunday's edition"`)
	b.await("its text", `document.querySelector('.message em')?.textContent === 'whale'`)
	s.sim.DeleteChannel(post)
	b.await("the first channel in place of one that is gone", `document.querySelector('#channel-name').textContent === 'morning-paper'`)
	b.do("leave the page", chromedp.Navigate("about:blank"))
}

// logBench makes a log of its own in a box of 300 pixels and functions that
// make messages: m(id, author, minute, more), texts() and box.
const logBench = `
	const { Log } = await import('./assets/log.js');
	const { el } = await import('./assets/dom.js');
	document.querySelector('#bench')?.remove();
	const box = el('div', { id: 'bench' });
	Object.assign(box.style, { position: 'fixed', inset: '0 0 auto 0', height: '300px', overflow: 'auto', zIndex: 99, background: '#000' });
	const jump = el('button', { hidden: true });
	document.body.append(box);
	const calls = [];
	const log = new Log(box, jump, {
		names: {}, media: u => u, options: () => [], viewer: () => ({ id: '7', name: 'Nell' }), bot: () => ({ name: 'Broadsheet', bot: true }),
		menuCommands: () => [{ name: 'Save article' }, { name: 'Summarise links' }],
		act: (m, c, v) => { calls.push(['act', m.id, c.custom_id, v ?? null]); return Promise.resolve(); },
		menu: (m, c) => calls.push(['menu', m.id, c.name]), dismiss: m => { calls.push(['dismiss', m.id]); log.remove(m.id); }, seen: () => calls.push(['seen']),
	});
	const m = (id, author, minute, more = {}) => ({ id: String(id), channel_id: '1', type: 0, content: 'text ' + id, flags: 0, embeds: [], components: [],
		attachments: [], author: { id: author, username: author.toLowerCase(), global_name: author, bot: author === 'Bot' },
		timestamp: new Date(Date.UTC(2026, 10, 22, 10, minute)).toISOString(), edited_timestamp: null, ...more });
	const button = id => [{ type: 1, components: [{ type: 2, style: 2, label: 'Push', custom_id: id }] }];
	const texts = () => [...box.querySelectorAll('.message .text')].map(n => n.textContent);
	const open = (messages, lastRead) => log.open({ id: '1', name: 'tea' }, messages, lastRead);
`

func logParts() []part {
	return []part{
		{"an empty channel welcomes", `open([]); return box.querySelector('h2').textContent;`, `"Welcome to #tea"`},
		{
			"messages stand in the order of their ids, whatever the order they come in",
			`open([m(20, 'Bot', 1)]); log.upsert(m(30, 'Bot', 2)); log.upsert(m(9, 'Bot', 0)); return texts();`,
			`["text 9","text 20","text 30"]`,
		},
		{
			"messages of one author share a heading for a few minutes",
			`open([m(1, 'Bot', 0), m(2, 'Bot', 3), m(3, 'Bot', 20), m(4, 'Ann', 21)]);
			return [...box.querySelectorAll('.message')].map(n => n.classList.contains('joined'));`,
			`[false,true,false,false]`,
		},
		{
			"a day begins with its date",
			`open([m(1, 'Bot', 0), m(2, 'Bot', 24 * 60), m(3, 'Bot', 24 * 60 + 1)]); return box.querySelectorAll('.day-line').length;`,
			`2`,
		},
		{
			"what is new stands below a line",
			`open([m(1, 'Ann', 0), m(2, 'Bob', 1), m(3, 'Ann', 2)], '2'); return box.querySelector('.new-line').nextSibling.dataset.message;`,
			`"3"`,
		},
		{"nothing new, no line", `open([m(1, 'Ann', 0)], '1'); return box.querySelectorAll('.new-line').length;`, `0`},
		{
			"an edit replaces its message alone",
			`open([m(1, 'Ann', 0), m(2, 'Bob', 1)]); const other = box.querySelector('[data-message="1"]');
			log.upsert(m(2, 'Bob', 1, { content: 'better', edited_timestamp: new Date().toISOString() }));
			return [texts(), box.querySelector('[data-message="1"]') === other, box.querySelectorAll('.edited').length];`,
			`[["text 1","better"],true,1]`,
		},
		{
			"a message that comes leaves the focus where it is",
			`open([m(1, 'Bot', 0, { components: button('a') })]); box.querySelector('.row .button').focus();
			log.upsert(m(2, 'Ann', 1)); return document.activeElement.dataset.customId;`,
			`"a"`,
		},
		{
			"a message that is replaced hands its focus on",
			`open([m(1, 'Bot', 0, { components: button('a') })]); box.querySelector('.row .button').focus();
			log.upsert(m(1, 'Bot', 0, { components: button('b') })); return document.activeElement.dataset.customId;`,
			`"b"`,
		},
		{
			"what one member sees is marked and can be dismissed",
			`open([]); log.upsert(m(5, 'Bot', 0, { flags: 64 }), '7');
			const marked = box.querySelector('.ephemeral .only-you').textContent; box.querySelector('.textual').click();
			return [marked, calls.filter(c => c[0] === 'dismiss'), texts()];`,
			`["Only you can see this · Dismiss message",[["dismiss","5"]],[]]`,
		},
		{
			"who used what is said above the answer",
			`open([m(5, 'Bot', 0, { interaction_metadata: { id: '77', user: { global_name: 'Nell' } } })]); log.label('77', '/news latest');
			return box.querySelector('.used').textContent;`,
			`"Nell used /news latest"`,
		},
		{
			"an answer that is awaited says so until it is there",
			`open([m(1, 'Ann', 0)]); const p = log.pending('/help'); const said = box.querySelector('.waiting').textContent; p.remove();
			return [said, box.querySelectorAll('.waiting').length];`,
			`["Nell used /helpBroadsheet is thinking…",0]`,
		},
		{
			"a deferred message is thinking",
			`open([m(1, 'Bot', 0, { flags: 128, content: '' })]); return box.querySelector('.thinking').textContent;`,
			`"thinking…"`,
		},
		{
			"another channel is shown at once, also while a list is open",
			`const menu = [{ type: 1, components: [{ type: 3, custom_id: 'pick', options: [{ label: 'A', value: 'a' }] }] }];
			open([m(1, 'Bot', 0, { components: menu })]); box.querySelector('.select-trigger').click(); open([m(2, 'Ann', 1)]); return texts();`,
			`["text 2"]`,
		},
		{
			"an awaited answer and unseen messages stay in their channel",
			`open(Array.from({ length: 30 }, (_, i) => m(i + 1, 'Ann', i))); log.pending('/help'); box.scrollTop = 0;
			log.upsert(m(99, 'Bot', 40)); const before = [box.querySelectorAll('.waiting').length, jump.hidden];
			open([m(100, 'Ann', 41)]); return [before, box.querySelectorAll('.waiting').length, jump.hidden];`,
			`[[1,false],0,true]`,
		},
		{
			"what is no longer shown is forgotten",
			`open([m(1, 'Ann', 0), m(2, 'Bob', 1)]); log.remove('1'); const rest = [...log.kept.keys()];
			open([m(3, 'Ann', 2)]); return [rest, [...log.kept.keys()]];`,
			`[["2"],["3"]]`,
		},
		{
			"a link leads to a page or nowhere",
			`open([m(1, 'Bot', 0, { components: [{ type: 1, components: ['https://a.example/', 'javascript:alert(1)']
				.map(url => ({ type: 2, style: 5, label: 'Go', url })) }] })]);
			return [...box.querySelectorAll('a.button')].map(a => a.getAttribute('href'));`,
			`["https://a.example/",null]`,
		},
		{
			"buttons tell which message they sit on",
			`open([m(1, 'Bot', 0, { components: button('x') })]); box.querySelector('.row .button').click(); return calls.filter(c => c[0] === 'act');`,
			`[["act","1","x",null]]`,
		},
		{
			"the menu of a message lists the commands for messages",
			`open([m(1, 'Ann', 0)]); box.querySelector('.more button').click();
			const listed = [...box.querySelectorAll('[role=menuitem]')].map(b => b.textContent);
			box.querySelectorAll('[role=menuitem]')[1].click();
			return [listed, calls.filter(c => c[0] === 'menu'), box.querySelectorAll('[role=menu]').length];`,
			`[["Save article","Summarise links"],[["menu","1","Summarise links"]],0]`,
		},
		{
			"Escape closes the menu and gives the focus back",
			`open([m(1, 'Ann', 0)]); const opener = box.querySelector('.more button'); opener.click();
			document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: 'Escape', bubbles: true }));
			return [box.querySelectorAll('[role=menu]').length, document.activeElement === opener];`,
			`[0,true]`,
		},
		{
			"who reads further up is told, not moved",
			`open(Array.from({ length: 30 }, (_, i) => m(i + 1, 'Ann', i))); box.scrollTop = 0; calls.length = 0;
			log.upsert(m(99, 'Bot', 40)); const before = [box.scrollTop, jump.hidden, calls.length]; jump.click();
			return [before, jump.hidden, box.scrollTop > 0];`,
			`[[0,false,0],true,true]`,
		},
		{
			"who reads the end follows",
			`open(Array.from({ length: 30 }, (_, i) => m(i + 1, 'Ann', i)), '30'); log.upsert(m(99, 'Bot', 40));
			return [jump.hidden, box.scrollHeight - box.scrollTop - box.clientHeight < 80, calls.some(c => c[0] === 'seen')];`,
			`[true,true,true]`,
		},
		{
			"a message taller than the window is read from its beginning",
			`open(Array.from({ length: 30 }, (_, i) => m(i + 1, 'Ann', i)), '30');
			log.upsert(m(99, 'Bot', 40, { content: Array(60).fill('line').join('\n') }));
			const top = box.querySelector('[data-message="99"]').getBoundingClientRect().top - box.getBoundingClientRect().top;
			return top >= 0 && top < 40;`,
			`true`,
		},
	}
}

// composerBench makes a composer of its own with commands of every kind of
// option; ran holds what was run, said what was said.
const composerBench = `
	const { Composer, flatten } = await import('./assets/composer.js');
	const { el } = await import('./assets/dom.js');
	document.querySelector('#bench')?.remove();
	document.querySelector('#composer').replaceChildren();
	const form = el('form', { id: 'bench' });
	document.body.append(form);
	const rows = flatten([
		{ name: 'news', description: 'News', type: 1, options: [
			{ type: 1, name: 'read', description: 'Read one', options: [{ type: 3, name: 'article', description: 'Its headline', required: true, autocomplete: true }] },
			{ type: 1, name: 'latest', description: 'The newest', options: [{ type: 3, name: 'feed', description: 'Only this', autocomplete: true }] } ] },
		{ name: 'feeds', description: 'Feeds', type: 1, options: [{ type: 1, name: 'add', description: 'Add one', options: [
			{ type: 3, name: 'url', description: 'Address', required: true }, { type: 7, name: 'channel', description: 'Where' },
			{ type: 4, name: 'count', description: 'How many' }, { type: 5, name: 'loud', description: 'Aloud?' },
			{ type: 3, name: 'mode', description: 'How', choices: [{ name: 'In a digest', value: 'digest' }, { name: 'At once', value: 'instant' }] } ] },
			{ type: 2, name: 'opml', description: 'OPML', options: [{ type: 1, name: 'in', description: 'Import', options: [{ type: 11, name: 'file', description: 'OPML', required: true }] }] } ] },
		{ name: 'help', description: 'What it can do', type: 1 }, { name: 'Save article', type: 3 },
	]);
	const ran = [], said = [], asked = [];
	const composer = new Composer(form, { commands: () => rows, run: (path, options) => ran.push([path, options]), say: text => said.push(text),
		choices: kind => kind === 'channels' ? [{ name: '#tea', value: '11' }, { name: '#news', value: '12' }] : [],
		complete: async (path, options, focused) => { asked.push([path, options, focused]); return [{ name: 'One · Tern', value: '1' }, { name: 'Two · Post', value: '2' }]; } });
	const wait = ms => new Promise(r => setTimeout(r, ms));
	const until = async test => { for (let i = 0; i < 400 && !test(); i += 1) await wait(10); };
	const type = (text, input = document.activeElement) => { input.value = text; input.dispatchEvent(new Event('input', { bubbles: true })); };
	const key = name => document.activeElement.dispatchEvent(new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true }));
	const listed = () => [...form.querySelectorAll('[role=option]:not([hidden]) strong')].map(n => n.textContent);
	const fields = () => [...form.querySelectorAll('.field:not([hidden]) > span')].map(n => n.textContent);
	composer.input.focus();
`

func composerParts() []part {
	return []part{
		{"subcommands are listed, not their parents", `type('/'); return listed();`,
			`["/feeds add","/feeds opml in","/help","/news latest","/news read"]`},
		{"typing narrows the list", `type('/news r'); return listed();`, `["/news read"]`},
		{"a word of the description finds a command, too", `type('/import'); return listed();`, `["/feeds opml in"]`},
		{"nothing found is said", `type('/zzz'); return [listed(), form.querySelector('.suggestions-title').textContent];`,
			`[[],"No command is called that"]`},
		{"words without a slash are said", `type('good morning'); key('Enter'); form.requestSubmit(); return [said, ran, composer.input.value];`,
			`[["good morning"],[],""]`},
		{"arrows and Enter choose a command", `type('/'); key('ArrowDown'); key('ArrowDown'); key('Enter'); form.requestSubmit(); return [ran, form.querySelector('.chip')];`,
			`[[["help",{}]],null]`},
		{"the arrow goes round", `type('/'); key('ArrowUp'); key('Enter'); return form.querySelector('.chip').textContent;`, `"/news read"`},
		{"required options are shown, others are offered",
			`type('/feeds add'); key('Enter'); return [fields(), [...form.querySelectorAll('.add')].map(n => n.textContent)];`,
			`[["url"],["+ channel","+ count","+ loud","+ mode"]]`},
		{"a command's only option is shown though it may be left out", `type('/news latest'); key('Enter'); form.requestSubmit(); return ran;`,
			`[["news latest",{}]]`},
		{"suggestions follow what is typed and give their value",
			`type('/news read'); key('Enter'); type('lens'); await until(() => listed().length === 2);
			const title = form.querySelector('.suggestions-title').textContent; key('ArrowDown'); key('ArrowDown'); key('Enter');
			return [title, asked.at(-1), ran];`,
			`["Its headline",["news read",{"article":"lens"},"article"],[["news read",{"article":"2"}]]]`},
		{"typed text is sent where no suggestion was taken",
			`type('/news read'); key('Enter'); type('mine'); await until(() => listed().length === 2); key('Enter'); return ran;`,
			`[["news read",{"article":"mine"}]]`},
		{"typing after a choice takes the choice back",
			`type('/news read'); key('Enter'); type('x'); await until(() => listed().length === 2); form.querySelector('[role=option]').click();
			ran.length = 0; composer.choose(rows.find(r => r.path === 'news read')); type('y'); key('Enter'); return ran;`,
			`[["news read",{"article":"y"}]]`},
		{"an answer that comes late is not shown",
			`type('/news read'); key('Enter'); type('a'); key('Escape'); composer.search('', true); await wait(250); return [form.querySelector('.suggestions').hidden, ran];`,
			`[true,[]]`},
		{"a missing option keeps the command from running",
			`type('/feeds add'); key('Enter'); form.requestSubmit();
			const marked = form.querySelector('.missing span').textContent; type('https://a.example'); const still = form.querySelectorAll('.missing').length;
			form.requestSubmit(); return [marked, still, ran];`,
			`["url",0,[["feeds add",{"url":"https://a.example"}]]]`},
		{"channels, numbers, truth and choices have their own values",
			`type('/feeds add'); key('Enter'); type('u'); const add = name => [...form.querySelectorAll('.add')].find(n => n.textContent === '+ ' + name).click();
			add('channel'); type('ne'); const channels = listed(); key('ArrowDown'); key('Tab');
			add('count'); type('12'); add('loud'); type('tr'); key('ArrowDown'); key('Tab');
			add('mode'); type('once'); const modes = listed(); key('ArrowDown'); key('Tab'); form.requestSubmit(); return [channels, modes, ran];`,
			`[["#news"],["At once"],[["feeds add",{"channel":"12","count":12,"loud":true,"mode":"instant","url":"u"}]]]`},
		{"a file is sent with its name and type",
			`type('/feeds opml'); key('Enter'); const input = form.querySelector('input[type=file]'); const data = new DataTransfer();
			data.items.add(new File(['<opml/>'], 'feeds.opml', { type: 'text/x-opml' })); input.files = data.files; input.dispatchEvent(new Event('change'));
			await until(() => composer.fields[0].value); form.requestSubmit(); return ran;`,
			`[["feeds opml in",{"file":{"content_type":"text/x-opml","data":"PG9wbWwvPg==","filename":"feeds.opml"}}]]`},
		{"Backspace in the empty first field goes back to the list",
			`type('/feeds add'); key('Enter'); key('Backspace'); return [form.querySelector('.chip'), composer.input.value, listed()];`,
			`[null,"/feeds add",["/feeds add"]]`},
		{"Escape closes the suggestions first and the command then",
			`type('/news latest'); key('Enter'); await until(() => listed().length === 2); key('Escape'); const one = !!form.querySelector('.chip'); key('Escape');
			return [one, form.querySelector('.chip')];`,
			`[true,null]`},
		{"what is active is told to screen readers",
			`type('/'); key('ArrowDown'); const active = composer.input.getAttribute('aria-activedescendant');
			return [composer.input.getAttribute('aria-expanded'), document.getElementById(active).textContent.startsWith('/feeds opml in'), document.getElementById(active).getAttribute('aria-selected')];`,
			`["true",true,"true"]`},
		{"leaving the box closes the list",
			`type('/'); composer.input.blur(); return form.querySelector('.suggestions').hidden;`, `true`},
	}
}

// documentBench loads what the page says about itself.
const documentBench = `
	const { reconcile, el } = await import('./assets/dom.js');
	const { ago, refreshTimes } = await import('./assets/text.js');
`

func documentParts() []part {
	return []part{
		{"children that stay are not moved",
			`const a = el('b'), b = el('i'), c = el('u'), d = el('s'); const p = el('p', {}, a, b, c);
			const moved = []; new MutationObserver(l => l.forEach(r => moved.push(...[...r.addedNodes].map(n => n.localName)))).observe(p, { childList: true });
			reconcile(p, [a, d, c]); await Promise.resolve(); return [[...p.children].map(n => n.localName), moved];`,
			`[["b","s","u"],["s"]]`},
		{"times are told in the unit that fits",
			`const at = s => ago(new Date(Date.now() + s * 1000)); return [at(-30), at(-300), at(-7200), at(-86400), at(3 * 86400)];`,
			`["30 seconds ago","5 minutes ago","2 hours ago","yesterday","in 3 days"]`},
		{"relative times are brought up to date",
			`const t = el('time', { 'data-relative': String(Math.round(Date.now() / 1000) - 600) }, 'long ago'); const p = el('p', {}, t); refreshTimes(p); return t.textContent;`,
			`"10 minutes ago"`},
		{"text of others never becomes markup",
			`const p = el('p', { title: '"><b>' }, '<b>bold</b>'); return [p.innerHTML, p.children.length];`,
			`["&lt;b&gt;bold&lt;/b&gt;",0]`},
		{"everything that can be pressed has a name",
			`return [...document.querySelectorAll('button:not([hidden]), a, input, select')].filter(n => !n.closest('[hidden], #bench') &&
				!(n.textContent.trim() || n.getAttribute('aria-label') || n.labels?.length)).map(n => n.outerHTML);`,
			`[]`},
		{"there is one heading of the first level and one main part",
			`return [document.querySelectorAll('h1').length, document.querySelectorAll('main').length, document.documentElement.lang];`,
			`[1,1,"en"]`},
	}
}

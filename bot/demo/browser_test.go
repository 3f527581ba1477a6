package demo

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os/exec"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is a tab of a headless Chromium that looks at a running demo.
type browser struct {
	t   *testing.T
	ctx context.Context
	url string
}

// openBrowser starts Chromium with a profile of its own, or skips the test.
func openBrowser(t *testing.T, url string) *browser {
	t.Helper()
	path, err := exec.LookPath("chromium")
	if err != nil {
		t.Skip("needs chromium")
	}
	allocator, stop := chromedp.NewExecAllocator(t.Context(),
		chromedp.ExecPath(path), chromedp.Headless, chromedp.NoSandbox, chromedp.DisableGPU, chromedp.NoFirstRun,
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-background-networking", true),
		chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-sync", true),
		chromedp.UserDataDir(t.TempDir()), chromedp.WindowSize(1280, 860))
	t.Cleanup(stop)
	// Only a page that hangs meets this limit.
	limited, cancel := context.WithTimeout(allocator, 2*time.Minute)
	t.Cleanup(cancel)
	ctx, closeTab := chromedp.NewContext(limited)
	b := &browser{t: t, ctx: ctx, url: url}
	b.do("open a tab", chromedp.Navigate("about:blank"))
	complaints := b.watchConsole()
	t.Cleanup(func() {
		closeTab()
		for _, c := range <-complaints {
			t.Errorf("the browser complains: %s", c)
		}
	})
	return b
}

// watchConsole collects errors: of scripts, of the content security policy, of
// pictures that are missing.
func (b *browser) watchConsole() <-chan []string {
	messages := chromedp.Console(b.ctx)
	out := make(chan []string, 1)
	go func() {
		var complaints []string
		for m, err := range messages {
			if err != nil {
				break
			}
			if m.Type == "error" || m.Type == "warning" || m.IsException() {
				complaints = append(complaints, fmt.Sprintf("%s (%s:%d)", m.Text, m.URL, m.Line))
			}
		}
		out <- complaints
	}()
	return out
}

func (b *browser) do(what string, steps ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	if err := chromedp.Do(b.ctx, steps...); err != nil {
		b.t.Fatalf("%s: %v", what, err)
	}
}

// open loads the page and waits until it is live.
func (b *browser) open() {
	b.t.Helper()
	b.do("open the page", chromedp.Navigate(b.url), chromedp.WaitReady(chromedp.CSS("html[data-ready]")))
}

// await waits until a JavaScript expression is true.
func (b *browser) await(what, expression string) {
	b.t.Helper()
	if _, err := chromedp.Run(b.ctx, chromedp.Poll[bool](expression)); err != nil {
		b.t.Fatalf("%s: %s: %v\nthe page shows:\n%s", what, expression, err, b.text())
	}
}

// text is what the page shows, for failures.
func (b *browser) text() string {
	text, err := chromedp.Run(b.ctx, chromedp.Evaluate[string]("document.body.innerText"))
	if err != nil {
		return err.Error()
	}
	return text
}

// eval evaluates an expression, which may be a promise.
func eval[T any](b *browser, expression string) T {
	b.t.Helper()
	v, err := chromedp.Run(b.ctx, chromedp.Evaluate[T](expression, chromedp.EvalAwaitPromise))
	if err != nil {
		b.t.Fatalf("evaluate %s: %v", expression, err)
	}
	return v
}

// click clicks the first visible element of a selector, whatever lies over it
// or wherever it has been scrolled to.
func (b *browser) click(what, selector string) {
	b.t.Helper()
	quoted, err := json.Marshal(selector)
	if err != nil {
		b.t.Fatal(err)
	}
	b.await(what, fmt.Sprintf("!!document.querySelector(%s)", quoted))
	b.do(what, chromedp.ScrollIntoView(chromedp.CSS(selector)), chromedp.Click(chromedp.CSS(selector)))
}

func (b *browser) keys(keys string) {
	b.t.Helper()
	b.do("type "+keys, chromedp.KeyEvent(keys))
}

const (
	digestCard = `[...document.querySelectorAll('.message .container h5 a')].some(a => a.textContent.includes('Chain Bridge closes'))`
	onlyYou    = `[...document.querySelectorAll('.ephemeral .only-you')].some(p => p.textContent.includes('Only you can see this'))`
	noAnswers  = `document.querySelectorAll('.ephemeral').length === 0`
)

// TestThePageInABrowser is one visit: the steps share a running demo.
func TestThePageInABrowser(t *testing.T) {
	t.Parallel()
	if _, err := exec.LookPath("chromium"); err != nil {
		t.Skip("needs chromium")
	}
	b := openBrowser(t, started(t, Options{}))
	b.open()
	for _, step := range []struct {
		name string
		run  func(*browser)
	}{
		{"a digest with its pictures is seen", seeDigest},
		{"a button answers the one who pressed it", pressButton},
		{"a menu opens an article", chooseFromMenu},
		{"a command runs with live suggestions", runCommand},
		{"admins are offered more commands", seeAsAdmin},
		{"a message elsewhere marks its channel unread", seeUnread},
		{"plain words are posted as a message", postWords},
		{"a modal sends its fields", submitModal},
		{"formatting is shown and nothing else is obeyed", showMarkdown},
		{"every kind of component is shown", showComponents},
		{"a phone shows the same without scrolling sideways", usePhone},
	} {
		ok := t.Run(step.name, func(t *testing.T) {
			one := *b
			one.t = t
			step.run(&one)
		})
		if !ok {
			return // what follows looks at the same page
		}
	}
}

func seeDigest(b *browser) {
	b.await("the digest", digestCard)
	b.await("the accent bar", `!!document.querySelector('.container.accented')`)
	b.await("its separators", `document.querySelectorAll('.container hr').length >= 3`)
	b.await("its pictures", `(() => { const all = [...document.querySelectorAll('.thumbnail img')];
		all.forEach(i => i.scrollIntoView());
		return all.length >= 3 && all.every(i => i.naturalWidth > 0); })()`)
	b.await("the state of the bot", `document.querySelector('#connection').textContent.includes('online')`)
	b.await("the papers", `document.querySelectorAll('#paper-list a').length === 6`)
}

func pressButton(b *browser) {
	b.click("press 👍", `.button[aria-label="👍"]`)
	b.await("an answer for me alone", onlyYou)
	b.await("the digest as it was", digestCard)
	b.click("dismiss the answer", `.ephemeral .textual`)
	b.await("no answer", noAnswers)
}

func chooseFromMenu(b *browser) {
	b.click("open the menu", `.container .select-trigger`)
	b.await("its entries", `document.querySelectorAll('.select-list .option').length >= 5`)
	b.click("choose the second", `.select-list .option:nth-child(2)`)
	b.await("the article", `(() => { const m = document.querySelector('.ephemeral'); return !!m && !!m.querySelector('a.button') && m.innerText.length > 200; })()`)
	b.click("dismiss it", `.ephemeral .textual`)
	b.await("no answer", noAnswers)
}

func runCommand(b *browser) {
	b.click("the command box", `#command`)
	b.keys("/news rea")
	b.await("one command", `document.querySelectorAll('#suggestions [role=option]').length === 1`)
	b.keys("\r")
	b.await("its option", `!!document.querySelector('#option-article')`)
	b.do("type a word", chromedp.SendKeys(chromedp.CSS("#option-article"), "lens"))
	b.await("live suggestions", `[...document.querySelectorAll('#suggestions [role=option]')].some(o => o.textContent.includes('Lost lens'))`)
	b.click("take the first", `#suggestions [role=option]`)
	b.await("it taken", `document.querySelector('#option-article').value.includes('Lost lens')`)
	b.keys("\r") // the length is left as it is
	b.await("the article", `[...document.querySelectorAll('.ephemeral')].some(m => /lens/i.test(m.textContent))`)
	b.await("what was done", `document.querySelector('.ephemeral .used')?.textContent === 'Nell used /news read'`)
	b.click("dismiss it", `.ephemeral .textual`)
}

func seeAsAdmin(b *browser) {
	paths := `(composer => { composer.click(); return [...document.querySelectorAll('#suggestions strong')].map(s => s.textContent).join(' '); })(document.querySelector('.round'))`
	if got := eval[string](b, paths); strings.Contains(got, "/feeds") || !strings.Contains(got, "/news latest") {
		b.t.Errorf("a member is offered %q", got)
	}
	b.click("look as the admin", `#viewer label:nth-of-type(2) span`)
	b.await("the admin's ideas", `[...document.querySelectorAll('.idea')].some(i => i.textContent === '/digest run')`)
	if got := eval[string](b, paths); !strings.Contains(got, "/feeds add") {
		b.t.Errorf("an admin is offered %q", got)
	}
	b.keys("\x1b")
	b.click("look as the member", `#viewer label:nth-of-type(1) span`)
	b.await("the member's ideas", `![...document.querySelectorAll('.idea')].some(i => i.textContent === '/digest run')`)
}

// seeUnread posts as the admin from outside the browser.
func seeUnread(b *browser) {
	state := control[struct {
		Guilds []struct {
			Channels []struct{ ID, Name string }
			Members  []struct{ ID, Name string }
		}
	}](b, "state", nil)
	guild := state.Guilds[0]
	// A line of the list that is replaced between press and release loses the click.
	eval[any](b, `void (window.lines = [...document.querySelectorAll('#channels li')])`)
	control[any](b, "act", map[string]string{
		"act": "post", "member": guild.Members[1].ID, "channel": guild.Channels[2].ID, "content": "Tea is ready, **everybody**.",
	})
	b.await("the mark", `document.querySelectorAll('.channel')[2].classList.contains('unread') && lines.every(l => l.isConnected)`)
	b.click("open the channel", `#channels li:nth-child(3) .channel`)
	b.await("the message", `[...document.querySelectorAll('.message strong')].some(s => s.textContent === 'everybody')`)
	b.await("no mark", `!document.querySelectorAll('.channel')[2].classList.contains('unread')`)
}

func postWords(b *browser) {
	b.click("the command box", `#command`)
	b.keys("Two sugars, please.\r")
	b.await("my message", `[...document.querySelectorAll('.message')].at(-1).textContent.includes('Two sugars')`)
}

// control asks the simulated Discord's control endpoint; a body makes it a POST.
func control[T any](b *browser, path string, body any) T {
	b.t.Helper()
	method, payload := http.MethodGet, []byte(nil)
	if body != nil {
		var err error
		if payload, err = json.Marshal(body); err != nil {
			b.t.Fatal(err)
		}
		method = http.MethodPost
	}
	r, err := http.NewRequestWithContext(b.ctx, method, b.url+"sim/"+path, bytes.NewReader(payload))
	if err != nil {
		b.t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/json")
	answer, err := http.DefaultClient.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer answer.Body.Close()
	var v T
	if err := json.NewDecoder(answer.Body).Decode(&v); err != nil || answer.StatusCode != http.StatusOK {
		b.t.Fatalf("%s %s: status %d, %v", method, path, answer.StatusCode, err)
	}
	return v
}

func submitModal(b *browser) {
	eval[any](b, `import('./assets/modal.js').then(({ showModal }) => showModal(document.querySelector('#modal'), {
		title: 'Edit the digest', components: [
			{ type: 1, components: [{ type: 4, custom_id: 'name', label: 'Name', style: 1, required: true }] },
			{ type: 18, label: 'Note', description: 'As long as you like', component: { type: 4, custom_id: 'note', style: 2, required: false, value: 'old' } },
		] }, fields => { window.sent = fields; }))`)
	b.await("the fields", `document.querySelectorAll('#modal input, #modal textarea').length === 2`)
	b.do("fill it in", chromedp.SendKeys(chromedp.CSS("#modal-name"), "Morning"))
	b.click("submit", `#modal .primary`)
	b.await("what was sent", `JSON.stringify(window.sent) === '{"name":"Morning","note":"old"}'`)
	b.await("the dialog closed", `!document.querySelector('#modal').open`)
}

func showMarkdown(b *browser) {
	for source, want := range map[string]string{
		"# Big\n## Less\n### Least":                    `<h3 class="h1">Big</h3><h4 class="h2">Less</h4><h5 class="h3">Least</h5>`,
		"**bold** *it* _it_ __under__ ~~gone~~":        `<p><strong>bold</strong> <em>it</em> <em>it</em> <u>under</u> <s>gone</s></p>`,
		"-# small":                                     `<p class="subtext">small</p>`,
		"> said\n> twice\n\nnot":                       `<blockquote><p>said<br>twice</p></blockquote><p>not</p>`,
		"- a\n- b\n  - c":                              `<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>`,
		"2. two\n3. three":                             `<ol start="2"><li>two</li><li>three</li></ol>`,
		"`a*b*` ``c`d``":                               "<p><code>a*b*</code> <code>c`d</code></p>",
		"```go\nx := 1\n```":                           `<pre><code>x := 1</code></pre>`,
		`\*plain\* snake_case_name 2*3*4`:              `<p>*plain* snake_case_name 2<em>3</em>4</p>`,
		"<script>alert(1)</script> <img src=x>":        `<p>&lt;script&gt;alert(1)&lt;/script&gt; &lt;img src=x&gt;</p>`,
		"[**a** b](https://a.example/x)":               `<p><a href="https://a.example/x" target="_blank" rel="noopener noreferrer nofollow" title="https://a.example/x"><strong>a</strong> b</a></p>`,
		"[no](javascript:alert(1))":                    `<p>[no](javascript:alert(1))</p>`,
		"see https://a.example/b_c_d.":                 `<p>see <a href="https://a.example/b_c_d" target="_blank" rel="noopener noreferrer nofollow" title="https://a.example/b_c_d">https://a.example/b_c_d</a>.</p>`,
		"<#7> <@9> @everyone":                          `<p><button type="button" class="mention" data-channel="7">#tea</button> <span class="mention">@Nell</span> @everyone</p>`,
		"**unclosed and `code":                         "<p>**unclosed and `code</p>",
		"||hidden||":                                   `<p><span class="spoiler" tabindex="0" role="button" aria-label="Spoiler: press to read"><span>hidden</span></span></p>`,
		"日本語の**太字**と🗞 emoji":                           `<p>日本語の<strong>太字</strong>と🗞 emoji</p>`,
		"a\nb":                                         `<p>a<br>b</p>`,
		"• not a list\n• by the rules of the original": `<p>• not a list<br>• by the rules of the original</p>`,
	} {
		quoted, err := json.Marshal(source)
		if err != nil {
			b.t.Fatal(err)
		}
		got := eval[string](b, fmt.Sprintf(`import('./assets/text.js').then(({ markdown }) => { const d = document.createElement('div');
			d.append(...markdown(%s, { channel: () => 'tea', user: () => 'Nell' })); return d.innerHTML; })`, quoted))
		if got != want {
			b.t.Errorf("markdown(%q)\n got %s\nwant %s", source, got, want)
		}
	}
	relative := eval[string](b, `import('./assets/text.js').then(({ markdown }) =>
		markdown('<t:' + Math.round(Date.now() / 1000 - 7200) + ':R>')[0].textContent)`)
	if relative != "2 hours ago" {
		b.t.Errorf("a relative time of two hours is shown as %q", relative)
	}
}

func showComponents(b *browser) {
	message := `{ content: 'hello', embeds: [{ title: 'Embed', url: 'https://a.example/', description: '*yes*', color: 255,
			fields: [{ name: 'F', value: 'v', inline: true }], footer: { text: 'foot' } }],
		attachments: [{ filename: 'feeds.opml', url: 'data:,x', size: 2048, content_type: 'text/xml' }],
		components: [
			{ type: 17, accent_color: 65280, components: [
				{ type: 10, content: '## Title' }, { type: 14, divider: true, spacing: 2 },
				{ type: 9, components: [{ type: 10, content: 'side' }], accessory: { type: 2, style: 4, label: 'Stop', custom_id: 'stop' } },
				{ type: 14, divider: false }, { type: 12, items: [{ media: { url: 'assets/icon.svg' }, description: 'paper', spoiler: true }] },
				{ type: 1, components: [{ type: 3, custom_id: 'pick', max_values: 2, options: [{ label: 'A', value: 'a' }, { label: 'B', value: 'b' }, { label: 'C', value: 'c' }] }] },
				{ type: 1, components: [{ type: 2, style: 2, label: 'Off', custom_id: 'off', disabled: true }, { type: 2, style: 5, label: 'Go', url: 'https://a.example/go' }] },
			] },
			{ type: 1, components: [{ type: 8, custom_id: 'where', placeholder: 'Where?' }] }, { type: 99 },
		] }`
	eval[any](b, `import('./assets/components.js').then(({ body }) => { const d = document.createElement('div'); d.id = 'bench'; window.acts = [];
		d.append(...body(`+message+`, { names: {}, media: u => u, options: () => [{ label: '#tea', value: '7' }],
			act: (c, v) => { acts.push([c.custom_id, v]); return Promise.resolve(); } }).flat(9).filter(Boolean));
		document.querySelector('#log').replaceChildren(d); })`)
	for what, expression := range map[string]string{
		"the accent colour":   `getComputedStyle(bench.querySelector('.accented:not(.embed)')).getPropertyValue('--bar') === '#00ff00'`,
		"the embed":           `bench.querySelector('.embed a').textContent === 'Embed' && bench.querySelector('.embed dt').textContent === 'F'`,
		"the attachment":      `bench.querySelector('.file').textContent.includes('feeds.opml · 2 KB')`,
		"the separators":      `bench.querySelectorAll('hr.wide').length === 1 && bench.querySelectorAll('.gap').length === 1`,
		"the accessory":       `bench.querySelector('.section .button.danger').textContent === 'Stop'`,
		"the veiled picture":  `!bench.querySelector('.gallery img') && !!bench.querySelector('.gallery .veil')`,
		"the disabled button": `bench.querySelector('[data-custom-id=off]').disabled`,
		"the link":            `bench.querySelector('a.button').href === 'https://a.example/go'`,
		"the unknown one":     `bench.textContent.includes('type 99')`,
		"plain content":       `bench.firstElementChild.textContent === 'hello'`,
	} {
		if !eval[bool](b, "(bench => "+expression+")(document.querySelector('#bench'))") {
			b.t.Errorf("%s: not %s", what, expression)
		}
	}
	b.click("lift the veil", `#bench .veil`)
	b.await("the picture", `document.querySelector('#bench .gallery img')?.alt === 'paper'`)
	b.click("the button beside the text", `#bench .danger`)
	b.click("the menu of several", `#bench [data-custom-id=pick]`)
	b.click("its first", `#bench .option:nth-child(1)`)
	b.click("its third", `#bench .option:nth-child(3)`)
	b.click("confirm", `#bench .select-list .primary`)
	b.await("what was sent", `JSON.stringify(acts) === '[["stop",null],["pick",["a","c"]]]'`)
}

func usePhone(b *browser) {
	b.do("take a phone", chromedp.EmulateViewport(390, 844, chromedp.EmulateMobile, chromedp.EmulateTouch))
	b.open()
	b.await("the digest", digestCard)
	b.await("no sideways scrolling", `document.documentElement.scrollWidth <= 390 && document.querySelector('#log').scrollWidth <= 390`)
	b.await("the channels out of the way", `document.querySelector('#sidebar').getBoundingClientRect().right <= 0`)
	b.click("the drawer", `#drawer`)
	b.await("the channels", `document.querySelector('#sidebar').getBoundingClientRect().left === 0`)
	b.click("another channel", `#channels li:nth-child(3) .channel`)
	b.await("the drawer closed", `!document.body.classList.contains('drawer-open')`)
	b.await("the channel", `document.querySelector('#channel-name').textContent === 'tea-room'`)
}

package browser

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"tweedie/internal/fixture"
)

// embeddedLab is the golden training that embeds of the lab repeat, and the hash of its points.
func embeddedLab(t *testing.T) (recipe, hash string) {
	t.Helper()
	golden := fixture.Lines(t, filepath.Join("..", "..", "sampler", "lab", "experiment", "testdata",
		"golden.txt"))[0]
	return golden.Name, golden.Value
}

// The same element and script embed the lab: several beside a picture's, each to the points that
// its recipe has natively. One that waits for a click has its poster until then; what an author has
// written wrong is told, and readers keep the poster.
func TestLabEmbeds(t *testing.T) {
	t.Parallel()
	recipe, hash := embeddedLab(t)
	at := ` recipe="` + strings.ReplaceAll(recipe, "&", "&amp;")
	s := newSite(t)
	w := newBlogTab(t, blog(t, s, embedScript+`<main>`+
		tag(`id="near" lab controls size="m"`+at+`"`)+
		tag(`id="asks" lab loading="click" size="s" theme="light" lang="zh"`+at+`&amp;s=2"`,
			poster)+
		tag(`id="wrong" lab view="guess,noise" strip="none" recipe="d=moons&amp;units=0"`)+
		tag(`id="picture" label="2" steps="3"`)+`</main>`), s)
	w.before(`window.said = []; const {warn} = console;
		console.warn = (text, of) => said.push(of.id + ': ' + text);`)
	w.must(chromedp.EmulateViewport(700, 2400))
	w.open("")
	ends := func(id string) event {
		t.Helper()
		w.wait(`of('` + id + `', 'done').length === 1`)
		return eval[event](w, `of('`+id+`', 'done')[0]`)
	}
	if got := ends("near"); !strings.HasPrefix(got.SHA256, hash) ||
		got.Recipe != recipe+"&h="+hash {
		t.Errorf("the embed ends with %+v, want %s of %s", got, hash, recipe)
	}
	names := eval[string](w,
		`heard.filter(({id}) => id === 'near').map(({name}) => name).join(' ')`)
	if !strings.HasPrefix(names, "ready step") || !strings.HasSuffix(names, "step done") {
		t.Errorf("the embed tells %s", names)
	}
	png := eval[[]int](w,
		`near.toPNG(300).then(createImageBitmap).then((b) => [b.width, b.height])`)
	if len(png) != 2 || png[0] != 300 || png[1] != 300 {
		t.Errorf("the picture of 300 pixels is %v", png)
	}
	w.wait(`of('wrong', 'error').length === 1`)
	w.forgive("Units must be 1 to 512; you wrote 0.")
	if got := eval[event](w, `of('wrong', 'error')[0]`); got.Message !=
		"Units must be 1 to 512; you wrote 0." {
		t.Errorf("of a wrong recipe: %+v", got)
	}
	if eval[bool](w, `wrong.shadowRoot.querySelector('.live') !== null`) {
		t.Error("readers see what an author has to mend")
	}
	said := eval[string](w, `said.join('\n')`)
	for _, line := range []string{
		"wrong: <tweedie-sampler>: view is “noise”, but can only be data, points, trails, guess.",
		"wrong: <tweedie-sampler>: strip has no meaning with lab: leave it out.",
	} {
		if !strings.Contains(said, line) {
			t.Errorf("the console lacks %q:\n%s", line, said)
		}
	}
	if got := eval[int](w, `asks.shadowRoot.querySelectorAll('iframe').length`); got != 0 {
		t.Error("one that waits for a click has begun")
	}
	eval[any](w, `asks.play(); 0`)
	if got := ends("asks"); strings.HasPrefix(got.SHA256, hash) {
		t.Errorf("another seed gives the same points: %+v", got)
	}
	w.embedEnds("picture", 1, "m=digits&c=2&steps=3")
	if most := eval[int](w, `most`); most > 2 {
		t.Errorf("%d ran at a time, want 2 at most", most)
	}
	w.shoot("-blog")

	// Another recipe takes the place of one, in the same player; without lab it is a picture again.
	eval[any](w, `near.recipe = '`+recipe+`&steps2=1'; 0`)
	w.wait(`of('near', 'error').length === 1`)
	w.forgive("The lab has no key")
	eval[any](w, `near.lab = false; near.recipe = 'c=4&steps=2'; near.play(); 0`)
	w.wait(`of('near', 'done').length === 2`)
	w.embedEnds("near", 2, "m=digits&c=4&steps=2")
}

// The lab's player is whole by itself, in a frame or alone: it trains when it is told to, goes back
// in both times, leads to the lab, and has no obstacles for people.
func TestLabPlayer(t *testing.T) {
	t.Parallel()
	source := axe(t)
	recipe, hash := embeddedLab(t)
	w := newTab(t, newSite(t))
	w.must(chromedp.EmulateViewport(480, 460))
	player := w.site.url + "/web/lab-player.html"
	w.must(chromedp.Navigate(player + "?start=off#" + recipe))
	w.waitText("figures", "Step 0 of 30")
	w.unhindered(source, "the lab's player")
	w.click("button", "One training step")
	w.waitText("figures", "Step 1 of 30 · loss ")
	w.click("button", "Resume")
	w.waitState("done")
	w.waitText("figures", "Step 30 of 30 · loss ")
	if got := eval[string](w, byID("home")+`.href`); got !=
		w.site.url+"/web/lab.html#"+recipe+"&h="+hash {
		t.Errorf("the player leads to %s", got)
	}
	w.slide("Time", "0")
	w.waitText("count", "t = 9")
	w.click("button", "Play the steps")
	w.wait(`Number(` + byID("timeline") + `.value) === 1000`)
	painted := `(() => { const { data } = document.getElementById('canvas').getContext('2d')
		.getImageData(0, 0, 400, 400); return data.some((v, i) => i % 4 === 0 && v > 200); })()`
	w.wait(painted)
	w.shoot("-dark")
	// A refused recipe is said by the names of the lab's page.
	eval[any](w, `location.hash = 'd=moons&lr=0'; 0`)
	w.waitText("trouble-text", "Learning rate")
	w.must(chromedp.Navigate("about:blank"))
	w.must(media(map[string]string{"prefers-reduced-motion": "reduce"}))
	w.must(chromedp.Navigate(player + "?theme=light&lang=zh#" + recipe))
	w.waitText("figures", "第 0 步，共 30 步")
	w.unhindered(source, "the lab's player, light, in Chinese")
	w.click("button", "继续")
	w.waitState("done")
	if got := eval[string](w, byID("timeline")+`.value`); got != "1000" {
		t.Errorf("with less motion the time stands at %s", got)
	}
	w.shoot("-light")
}

// The builder writes the tag of a lab, and its frame, and shows it at work.
func TestLabBuilder(t *testing.T) {
	t.Parallel()
	recipe, hash := embeddedLab(t)
	w := newTab(t, newSite(t))
	w.before(`window.heard = []; addEventListener('done', (event) => heard.push(event.detail));`)
	w.openLab(recipe)
	w.wait(hashed)
	w.click("link", "Embed")
	w.reloads(`location.search === '?lab' && window.heard?.length === 1`)
	if got := eval[string](w, `heard[0].sha256`); !strings.HasPrefix(got, hash) {
		t.Errorf("the preview gives %s, want %s", got, hash)
	}
	w.wait(`document.getElementById('tag').value.includes('<img')`)
	escaped := strings.ReplaceAll(recipe, "&", "&amp;")
	script := `<script src="` + w.site.url + `/web/embed.js" async></script>` + "\n" +
		`<tweedie-sampler lab recipe="` + escaped + `" controls><img src="data:image/png;base64,`
	for _, c := range []struct{ host, begins, ends string }{
		{"html", script, `<a slot="link" href="` + w.site.url + `/web/lab.html#` + escaped +
			`">Watch it being drawn</a></tweedie-sampler>`},
		{"frame", `<iframe src="` + w.site.url + `/web/lab-player.html#` + escaped + `" title=`,
			`allow-popups-to-escape-sandbox"></iframe>`},
		{"notion", w.site.url + "/web/lab-player.html#" + recipe, ""},
		{"markdown", "[![", "](" + w.site.url + "/web/lab.html#" + recipe + ")"},
	} {
		w.set("For", c.host)
		w.wait(`document.getElementById('tag').value.startsWith(` + quoted(c.begins) + `)`)
		if got := w.value("tag"); !strings.HasSuffix(got, c.ends) {
			t.Errorf("%s: got %s, want …%s", c.host, got, c.ends)
		}
	}
	if w.visible("of-play") || w.visible("view-field") {
		t.Error("what only pictures have can be chosen for the lab")
	}
	w.shoot("-form")
	w.set("Of", "")
	w.wait(`location.search === '' && heard.at(-1).recipe.includes('m=digits')`)
}

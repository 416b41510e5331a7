package browser

import (
	"context"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// media sets what the page learns of a person's wishes.
func media(features map[string]string) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, t *chromedp.Target) error {
		params := emulation.SetEmulatedMediaParams{}
		for name, value := range features {
			params.Features = append(params.Features,
				&emulation.MediaFeature{Name: name, Value: value})
		}
		_, err := cdp.Call(ctx, t, emulation.SetEmulatedMedia, params)
		return err
	})
}

// TestLook takes pictures of the page on screens of all kinds, for people to
// judge. It runs when pictures are asked for.
func TestLook(t *testing.T) {
	wanted := os.Getenv("TWEEDIE_SCREENSHOTS")
	if wanted == "" {
		t.Skip("set TWEEDIE_SCREENSHOTS, to 1 or to part of a picture's name, to take the pictures")
	}
	w := newViewerTab(t, newSite(t))
	for _, c := range []struct {
		name          string
		width, height int64
		scale         float64
		scheme        string
		fragment      string
		until         string // an expression that holds when to take the picture
		full          bool
	}{
		{"desktop-light", 1440, 900, 1, "light", "#m=digits&c=7&s=3", done, false},
		{"desktop-dark", 1440, 900, 1, "dark", "#m=digits&c=3&s=5", done, false},
		{"desktop-running", 1440, 900, 1, "light", "#m=digits&c=5&s=8", running, false},
		{"desktop-all", 1440, 900, 1, "light", "#m=digits&c=all&steps=20", done, false},
		{"desktop-full", 1440, 900, 1, "light", "#m=digits&c=2&s=11", done, true},
		{"desktop-views", 1440, 900, 1, "dark",
			"?views=xt,x0,epsilon,score,change#m=digits&c=5&s=8", midway, false},
		{"desktop-three", 1440, 900, 1, "light", "?views=x0,score,change#m=digits&c=0&s=8",
			midway, false},
		{"desktop-one", 1440, 900, 1, "light", "?views=x0#m=digits&c=6&s=4&steps=20", done, false},
		{"desktop-models", 1440, 900, 1, "light", "#m=digits&c=5&s=8&steps=10", menu + done, false},
		{"narrow-models", 320, 640, 2, "dark", "#m=digits-small&c=5&s=8&steps=10",
			menu + done, false},
		{"desktop-share", 1440, 900, 1, "dark", "#m=digits&c=5&s=8&steps=10",
			opened("share"), false},
		{"desktop-save", 1440, 900, 1, "light", "#m=digits&c=5&s=8&steps=10",
			opened("save"), false},
		{"desktop-keys", 1440, 900, 1, "light", "#m=digits&c=5&s=8&steps=10",
			opened("help"), false},
		{"phone-share", 360, 780, 3, "light", "#m=digits&c=5&s=8&steps=10", opened("share"), false},
		{"phone-save", 360, 780, 3, "dark", "#m=digits&c=5&s=8&steps=10", opened("save"), false},
		{"desktop-forced", 1440, 900, 1, "forced", "?views=xt,x0,change#m=digits&c=5&s=8&steps=20",
			midway, false},
		{"desktop-contrast", 1440, 900, 1, "contrast", "#m=digits&c=5&s=8&steps=20", midway, false},
		{"tablet", 820, 1180, 2, "light", "#m=digits&c=4&s=9", done, false},
		{"phone", 360, 780, 3, "light", "#m=digits&c=8&s=2", done, false},
		{"phone-full-dark", 360, 780, 2, "dark", "#m=digits&c=8&s=2", done, true},
		{"phone-all", 360, 780, 3, "light", "#m=digits&c=all&n=16&steps=10", done, false},
		{"phone-views", 360, 780, 3, "dark", "?views=xt,x0,epsilon,score,change#m=digits&c=5&s=8",
			midway, true},
		{"phone-three", 360, 780, 3, "light", "?views=x0,epsilon,change#m=digits&c=5&s=8&n=2",
			midway, false},
		{"phone-one", 360, 780, 3, "light", "?views=x0#m=digits&c=6&s=4&steps=20", done, false},
		{"narrow", 320, 640, 2, "light", "#m=digits&c=1&s=2&steps=10", done, true},
		{"refused", 1440, 900, 1, "light", "#m=digits&colour=red", refused, false},
		{"phone-refused", 360, 780, 3, "dark", "#m=digits&steps=0", refused, true},
		{"desktop-compare", 1440, 900, 1, "light",
			"?against=g:5&difference#m=digits&c=5&s=8&steps=20", done, false},
		{"desktop-compare-one", 1440, 900, 1, "dark",
			"?views=x0&against=steps:4#m=digits&c=5&s=8&steps=20", mode("compare") + midway, false},
		{"phone-compare", 390, 844, 2, "light", "?against=g:5#m=digits&c=5&s=8&steps=20",
			done, true},
		{"phone-compare-tools", 390, 844, 2, "dark",
			"?views=x0&against=k:ddpm&difference#m=digits&c=5&s=8&steps=20",
			mode("compare") + done, true},
		{"tablet-compare", 820, 1180, 1, "light", "?against=c:3#m=digits&c=5&s=8&steps=20",
			mode("compare") + done, false},
		{"projector-compare", 1920, 1080, 1, "dark",
			"?views=x0&against=c:3&difference#m=digits&c=5&s=8&steps=20", done, false},
		{"desktop-forward", 1440, 900, 1, "dark", "?forward#m=digits&c=5&s=8&steps=20",
			mode("forward") + noisedMidway, false},
		{"phone-forward", 390, 844, 2, "light", "?forward#m=digits&c=5&s=8&steps=20",
			mode("forward") + noisedMidway, false},
		{"desktop-near", 1440, 900, 1, "light",
			"?zoom=3&at=0.5,0.4&smooth#m=digits&c=5&s=8&steps=20", tools + done, false},
		{"phone-near", 390, 844, 2, "dark", "?zoom=3&at=0.5,0.4#m=digits&c=5&s=8&steps=20",
			done, false},
		{"desktop-edit", 1280, 900, 1, "light",
			seven + "&strength=0.6" + sevenPixels, mode("draw") + done, true},
		{"desktop-edit-invert", 1280, 900, 1, "dark",
			seven + "&invert=7&g=1" + sevenPixels, mode("draw") + done, true},
		{"phone-edit", 390, 844, 2, "dark",
			seven + "&strength=0.6" + sevenPixels, mode("draw") + done, true},
		{"phone-edit-mask", 390, 844, 2, "light",
			seven + "&mask=e00e77722196638a&resample=5" + sevenPixels + ".Y2AYBcMB_EcBo_JDTX6gAAA",
			mode("draw") + done, true},
		{"tablet-edit-mask", 820, 1180, 1, "light",
			seven + "&mask=e00e77722196638a&resample=5" + sevenPixels + ".Y2AYBcMB_EcBo_JDTX6gAAA",
			mode("draw") + done, true},
		{"narrow-edit-zh", 320, 700, 2, "light",
			"?lang=zh" + seven + "&mask=e00e77722196638a&resample=5" + sevenPixels +
				".Y2AYBcMB_EcBo_JDTX6gAAA", mode("draw") + done, true},
		{"desktop-between", 1280, 900, 1, "light", "#m=digits&c=5&s=3&to=9&n=8&steps=20",
			mode("draw") + done, true},
		{"phone-between", 390, 844, 2, "dark", "#m=digits&c=5&s=3&to=9&n=8&steps=20",
			mode("draw") + done, true},
		{"desktop-bound", 1280, 900, 1, "dark", "#m=digits&c=5&s=3&steps=20",
			disclosed("bound") + done + estimated, true},
		{"phone-bound", 390, 844, 2, "light", "#m=digits&c=5&s=3&steps=20",
			disclosed("bound") + done + estimated, true},
		{"laptop-light", 1366, 650, 1, "light", "#m=digits", done, false},
		{"laptop-dark-end", 1366, 650, 1, "dark", "#m=digits&c=5&s=8", hero, false},
		{"laptop-back", 1366, 650, 1, "light", "#m=digits&c=5&s=8", midway, false},
		{"desktop-end", 1440, 900, 1, "light", "#m=digits&c=7&s=3", hero, false},
		{"desktop-back", 1440, 900, 1, "light", "#m=digits&c=7&s=3", midway, false},
		{"tablet-end", 820, 1180, 1, "light", "#m=digits&c=4&s=9", hero, false},
		{"phone-end", 390, 844, 2, "light", "#m=digits&c=5&s=8", done, false},
		{"phone-back", 390, 844, 2, "dark", "#m=digits&c=5&s=8", midway, false},
		{"phone-pair", 390, 844, 2, "light", "?views=xt,x0#m=digits&c=5&s=8", hero, false},
		{"huge-end", 2560, 1440, 1, "light", "#m=digits&c=9&s=4", hero, false},
		{"laptop-between", 1366, 650, 1, "light", "#m=digits&c=5&s=3&to=9&n=8&steps=20",
			mode("draw") + done, false},
		{"laptop-running", 1366, 650, 1, "dark", "#m=digits&c=5&s=8", midway, false},
		{"laptop-draw", 1366, 650, 1, "light", seven + "&strength=0.6" + sevenPixels,
			mode("draw") + done, false},
		{"laptop-compare", 1366, 650, 1, "dark", "?against=g:5#m=digits&c=5&s=8&steps=20",
			mode("compare") + done, false},
		{"laptop-columns", 1366, 650, 1, "light", "?against=k:ddpm#m=digits&c=5&s=8&steps=20",
			midway, false},
		{"laptop-columns-steps", 1366, 650, 1, "dark",
			"?against=steps:4&difference#m=digits&c=5&s=8", midway, false},
		{"laptop-wipe", 1366, 650, 1, "light", "?against=g:5&wipe=60#m=digits&c=5&s=8&steps=20",
			done, false},
		{"laptop-wipe-dark", 1366, 650, 1, "dark",
			"?views=x0&against=c:3&wipe=40&difference#m=digits&c=5&s=8&steps=20", midway, false},
		{"laptop-ladder", 1366, 650, 1, "light", "#m=digits-small&c=5&s=8&steps=20", ladder, false},
		{"laptop-ladder-dark", 1366, 650, 1, "dark", "#m=digits-small&c=all&s=8&steps=20", ladder,
			false},
		{"laptop-against-refused", 1366, 650, 1, "light",
			"?lang=zh&against=g:banana#m=digits&c=5&s=8&steps=20", done, false},
		{"phone-columns", 390, 844, 2, "light", "?against=k:ddpm&views=xt,x0" +
			"#m=digits&c=5&s=8&steps=20", midway, false},
		{"phone-wipe", 390, 844, 2, "dark", "?against=g:5&wipe=60&views=x0" +
			"#m=digits&c=5&s=8&steps=20", done, false},
		{"phone-ladder", 390, 844, 2, "light", "#m=digits-small&c=5&s=8&steps=20", ladder,
			false},
		{"laptop-zh", 1366, 650, 1, "light", "?lang=zh#m=digits&c=5&s=8", done, false},
		{"laptop-words", 1366, 650, 1, "light", "#m=fashion&c=sandal&s=8&steps=20", done, false},
		{"laptop-faces", 1366, 650, 1, "light", "#m=faces&c=all&n=16&s=7", done, false},
		{"phone-faces-zh", 390, 844, 2, "dark", "?lang=zh#m=faces&c=3&s=8", done, false},
		{"laptop-glyphs", 1366, 650, 1, "dark", "#m=glyphs&w=HELLO&s=8&steps=20", done, false},
		{"huge", 2560, 1440, 1, "light", "#m=digits&c=9&s=4", done, false},
		{"phone-sheet", 390, 844, 2, "light", "#m=digits&c=5&s=8&steps=20", sheet + done, false},
		{"laptop-embed", 1366, 650, 1, "dark", "#m=digits&c=5&s=8&steps=20",
			embedTag + done, false},
		{"laptop-files", 1366, 650, 1, "light", "#m=tiles&c=all&s=8&steps=10", filesTold, false},
		{"laptop-files-dark", 1366, 650, 1, "dark", "#m=digits&c=5&s=8&steps=20", filesTold, false},
		{"phone-files", 390, 844, 2, "light", "#m=digits&c=5&s=8&steps=20", filesTold, false},
		{"phone-files-zh", 390, 844, 2, "dark", "?lang=zh#m=fashion&c=1&s=8&steps=20",
			filesTold, false},
		{"phone-zh", 390, 844, 2, "dark", "?lang=zh#m=digits&c=5&s=8", done, false},
		{"projector", 1920, 1080, 1, "dark", "#m=digits&c=9&s=4", done, false},
	} {
		if wanted != "1" && !strings.Contains(c.name, wanted) {
			continue
		}
		w.must(
			chromedp.EmulateViewport(c.width, c.height, chromedp.EmulateScale(c.scale)),
			media(wishes[c.scheme]),
			chromedp.Navigate("about:blank"),
		)
		w.open(c.fragment)
		w.wait(c.until)
		w.wait(onViewer)
		eval[any](w, repainted)
		if c.full {
			height := eval[int64](w, `document.documentElement.scrollHeight`)
			w.must(chromedp.EmulateViewport(c.width, height, chromedp.EmulateScale(c.scale)))
			eval[any](w, `new Promise((resolve) => setTimeout(resolve, 300))`)
		}
		w.shoot("-" + c.name)
	}
}

// wishes are what a person may have asked the system for.
var wishes = map[string]map[string]string{
	"light":    {"prefers-color-scheme": "light"},
	"dark":     {"prefers-color-scheme": "dark"},
	"contrast": {"prefers-color-scheme": "light", "prefers-contrast": "more"},
	"forced":   {"prefers-color-scheme": "dark", "forced-colors": "active"},
}

// opened opens a dialog once the run is over.
func opened(id string) string {
	return done + ` && (document.querySelector('dialog[open]') ? !document.querySelector(
		'dialog[open] [role=tabpanel]:not([hidden])[inert]') : (` + byID(id+"-open") +
		`.click(), false))`
}

// seven is a recipe that begins with a drawing, and sevenPixels what it needs.
const (
	seven       = "#m=digits&c=2&s=3&steps=20&image=951e9481dd7ab947"
	sevenPixels = "&pixels=3dMxDYBADEbhCwowgAIMoID9EgwwMGMABRhAwSnAAAowgAIMsD5WCMlLGOFfv7Rpmja" +
		"EfyR218QHc0986bf-sNooM7TCFWxWnqAXLmHPxCcYhAs4cvERRuH8gEJ8gEk426EU7yHZbjaohFuYrXyF2m4I" +
		"luDe-BHGz_3NCQ"
)

// disclosed opens a disclosure, whose script comes then.
func disclosed(id string) string {
	return `(` + byID(id) + `.open = true, ` +
		`!document.querySelector('#` + id + ` .inside').inert) && `
}

// mode opens one of the stage's modes; the script of drawing comes then.
func mode(name string) string {
	tab := byID("mode-" + name)
	return `(` + tab + `.ariaSelected === 'true' || ` + tab + `.click(), ` + byID("edit") +
		`.hidden || !document.querySelector('#edit .inside').inert) && `
}

// Expressions to wait for.
var (
	running = byID("progress") + `.value > 19`
	// midway goes back to a step in the middle once the run is over.
	midway = done + ` && ` + call("seek.js", 12)
	// hero holds when the finished picture has grown.
	hero = done + ` && ` + ofStage(`stage.grown === 1`)
	// noisedMidway goes to the middle of a picture's way into noise.
	noisedMidway = ofStage(`stage.film.noised && stage.film.complete && ` + call("seek.js", 9))
	// estimated measures what is on the stage, and waits for the end of that.
	estimated = ` && ` + call("measured.js")
	// sheet opens the recipe on a phone.
	sheet = `('sheet' in document.documentElement.dataset || ` + byID("sheet-open") +
		`.click(), true) && `
	// embedTag goes to the tag of the run.
	embedTag = byID("share-open") + `.ariaDisabled === 'false' && (` + byID("share") +
		`.open || ` + byID("share-open") + `.click(), ` + byID("share-tab-embed") +
		`.ariaSelected === 'true' || ` + byID("share-tab-embed") + `.click(), ` +
		byID("embed-tag") + `.value !== '') && `
	// ladder opens the ladder of steps once the run is over, and waits for its end.
	ladder = mode("compare") + done + ` && (` + byID("ladder-open") +
		`.ariaPressed === 'true' || (` + byID("ladder-open") + `.click(), false)) && ` +
		climbed
	// filesTold opens the files that can be saved, of which all is known.
	filesTold = opened("save") + ` && document.querySelectorAll('.take').length > 4 &&
		!/measuring|测量/.test(document.querySelector('.takes').textContent)`
	// menu opens that of the models, with its pictures.
	menu = call("menu-opened.js") + ` && `
	// tools opens those of the stage.
	tools = `(` + byID("tools") + `.hidden && ` + byID("tools-open") + `.click(), true) && `
)

// TestLookOfALink takes pictures of what a link shows first on a slow network. It runs when
// pictures are asked for.
func TestLookOfALink(t *testing.T) {
	wanted := os.Getenv("TWEEDIE_SCREENSHOTS")
	if wanted == "" {
		t.Skip("set TWEEDIE_SCREENSHOTS, to 1 or to part of a picture's name, to take the pictures")
	}
	for _, c := range []struct {
		name          string
		width, height int64
		scale         float64
		scheme        string
		model, recipe string
		preview       bool
	}{
		{"link-laptop", 1366, 650, 1, "light", "digits", "#m=digits&c=5&s=8&steps=10", true},
		{"link-colour", 1366, 650, 1, "dark", "tiles", "#m=tiles&c=all&n=15&s=8&steps=10", true},
		{"link-word", 1366, 650, 1, "dark", "glyphs", "#m=glyphs&w=TWEEDIE&s=8&steps=10", true},
		{"link-plain", 1366, 650, 1, "dark", "glyphs", "#m=glyphs&w=TWEEDIE&s=8&steps=10", false},
		{"link-phone", 390, 844, 2, "dark", "digits", "?lang=zh#m=digits&c=all&s=8&steps=10", true},
	} {
		if wanted != "1" && !strings.Contains(c.name, wanted) {
			continue
		}
		s := newSite(t)
		w := newTab(t, s)
		w.must(chromedp.EmulateViewport(c.width, c.height, chromedp.EmulateScale(c.scale)),
			media(wishes[c.scheme]))
		w.open(c.recipe)
		w.waitState("done")
		preview := ""
		if c.preview {
			eval[any](w, byID("share-open")+`.click()`)
			w.wait(previewed)
			_, preview, _ = strings.Cut(eval[string](w, byID("share-link")+`.value`), "&preview=")
			preview = "&preview=" + preview
		}
		more := make(chan struct{})
		file := "weights/" + c.model + ".safetensors"
		s.replace("/"+file, halves(pageFile(t, file), more))
		w.must(chromedp.Navigate("about:blank"))
		w.open(c.recipe + preview)
		w.wait(`document.querySelector('.preview') !== null`)
		eval[any](w, repainted)
		w.shoot("-" + c.name)
		close(more)
	}
}

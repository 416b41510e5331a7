package browser

import (
	"testing"

	"github.com/chromedp/chromedp"
)

// What a link to the lab asks for and cannot be had is said in one sentence, which names what is
// wrong and what is allowed, in both languages; the recipe before goes on, and the next link works.
func TestLabRefusals(t *testing.T) {
	t.Parallel()
	const recipe = "d=moons&units=8&batch=16&steps=5&n=20&ssteps=2"
	w := newTab(t, newSite(t))
	w.openLab(recipe)
	w.wait(hashed)
	certified := eval[string](w, `location.hash`)
	for _, c := range []struct{ link, place, en, zh string }{
		{"d=mixture&gauss=1,1,1", "status", "Gaussians must be weight,x,y,spread of each, " +
			"with semicolons between: weights above 0, the others within 2. You wrote “1,1,1”.",
			"高斯分量须为每个高斯的 weight,x,y,spread"},
		{"d=moons&gauss=1,0,0,1", "status", "Gaussians belong to d=mixture, and the recipe has " +
			"d=moons: leave gauss out.", "高斯分量属于 d=mixture"},
		{"d=moons&d=rings", "status", "The recipe has “d” twice. Keep one of them.",
			"配方中“d”写了两次"},
		{"d=moons&ssteps=5&ssteps=6", "error-ssteps",
			"The recipe has “ssteps” twice. Keep one of them.", "配方中“ssteps”写了两次"},
		{"d=moons&c=middle", "error-c",
			"These data have no class “middle”. Choose one of upper, lower, none or all.",
			"这些数据没有类别“middle”，可选 upper, lower、none 或 all。"},
		{"d=moons&colour=red", "status", "The lab has no key “colour”: it has those that can be " +
			"turned on this page.", "实验室没有键“colour”"},
		{"d=moons&stesp=5", "status", "The lab has no key “stesp”. Is it steps?", "是 steps 吗？"},
		{"d=squares", "status",
			"Data cannot be “squares”. Choose one of moons, rings, spiral, checkerboard, ",
			"数据不能是“squares”，可选 moons, rings, "},
		{"d=moons&units=1000", "error-units", "Units must be 1 to 512; you wrote 1000.",
			"单元数须为 1 到 512；您写的是 1000。"},
		{"d=moons&lr=0", "error-lr",
			"Learning rate must be above 0 and at most 100; you wrote 0.",
			"学习率须大于 0，且不超过 100；您写的是 0。"},
		{"d=moons&levels=2", "status",
			"Levels belongs to m=vae, and the recipe has m=diffusion: leave levels out.",
			"层级数属于 m=vae"},
		{"d=moons&schedule=straight&p=v", "error-p",
			"A rectified flow predicts its velocity: choose that, or another schedule.",
			"整流流预测它的速度"},
		{"d=moons&h=12", "status", "h must be 16 hexadecimal digits; you wrote “12”.",
			"h须为 16 位十六进制数字"},
		{"moons", "status", "The recipe cannot be read at “moons”.", "配方从“moons”处起无法读取。"},
	} {
		w.openLab(c.link)
		w.waitText(c.place, c.en)
		w.set("Language", "zh-Hans")
		w.waitText(c.place, c.zh)
		w.set("语言", "en")
		w.waitText(c.place, c.en)
		if got := eval[string](w, `location.hash`); got != "#"+c.link {
			t.Errorf("%s is refused, and the address becomes %s", c.link, got)
		}
		w.says("moment-now", "5 of 5") // of the recipe before
	}
	w.openLab(recipe + "&steps=6")
	w.waitText("error-steps", "“steps” twice")
	w.openLab("d=moons&units=8&batch=16&steps=6&n=20&ssteps=2")
	w.wait(hashed + ` && location.hash.includes('steps=6')`)
	w.says("status", "Learned.")
	w.openLab(certified[1:])
	w.wait(byID("status") + `.textContent.includes('the link promises')`)

	// A refused link that comes first leaves the page at rest, with its controls.
	w.must(chromedp.Navigate("about:blank"))
	w.openLab("d=moons&colour=red")
	w.waitState("waits")
	w.wait(byID("plane-state") + `.textContent !== ''`) // what it draws is no news
	w.waitText("status", "The lab has no key “colour”")
	w.click("button", "One training step")
	w.waitText("status", "Training waits at step 1.")
}

package lessons

// teacherWords is what the page for teachers says by itself, by language.
var teacherWords = map[string]map[string]string{
	"en": {
		"title":   "Tweedie: the lessons, for teachers",
		"tagline": "The lessons, for teachers.",
		"heading": "The lessons",
		"intro": "Each lesson is a few cards under the stage of the page, or of its lab: a short " +
			"text, a formula with the values of what is shown, a button that sets the stage, " +
			"and a question that is answered from it.",
		"present": "On a projector, “Present” hides the recipe and enlarges the type; the arrow " +
			"keys turn the cards, and Escape leaves. The QR code of a card takes a class to it. " +
			"Once the page has been used, and the lab for its lesson, the lessons need no network.",
		"aims":      "Aim:",
		"minutes":   "minutes",
		"question":  "Question",
		"answer":    "Answer",
		"sum":       "All lessons:",
		"equations": "Equations",
		"equations.cards": "The equations of the papers, each with the cards that show it with " +
			"the values of a run.",
		"equations.derived": "Derivations of Luo’s paper, of which “Inside this step” evaluates " +
			"every line on a run:",
		"derive.closed-form": "Many steps of noise are one",
		"derive.posterior":   "Bayes’ rule to the posterior",
		"derive.loss":        "The bound’s term is a loss of the guess",
		"derive.predictions": "Picture, noise, score and v are one answer",
		"derive.bound":       "The bound and its three terms",
		"other":              "中文",
		"other.tag":          "zh-Hans",
		"other.page":         "lessons.zh.html",
	},
	"zh": {
		"title":   "Tweedie：课程（教师用）",
		"tagline": "课程（教师用）。",
		"heading": "课程",
		"intro": "每课由若干卡片组成，排在网页或其实验室的画面下方：一段短文、" +
			"一个代入当前数值的公式、一个设置画面的按钮、一道可由画面验证的题目。",
		"present": "上课时按“投影”：配方隐藏，字号放大，方向键翻卡片，Esc 退出。" +
			"卡片的二维码可让全班直达。网页用过一次之后，上课无需联网；实验室的那一课，还须先打开过实验室。",
		"aims":               "目标：",
		"minutes":            "分钟",
		"question":           "题目",
		"answer":             "答案",
		"sum":                "全部课程：",
		"equations":          "公式",
		"equations.cards":    "论文中的公式，以及代入运行数值的卡片：",
		"equations.derived":  "Luo 论文中的推导，“这一步的每个数”会在一次运行上逐行求值：",
		"derive.closed-form": "多步加噪合为一步",
		"derive.posterior":   "由贝叶斯公式到后验",
		"derive.loss":        "变分下界的一项即估计的损失",
		"derive.predictions": "原图、噪声、得分与 v 是同一个回答",
		"derive.bound":       "变分下界及其三项",
		"other":              "English",
		"other.tag":          "en",
		"other.page":         "lessons.html",
	},
}

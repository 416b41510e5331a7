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
		"aims":       "Aim:",
		"minutes":    "minutes",
		"question":   "Question",
		"answer":     "Answer",
		"sum":        "All lessons:",
		"other":      "中文",
		"other.tag":  "zh-Hans",
		"other.page": "lessons.zh.html",
	},
	"zh": {
		"title":   "Tweedie：课程（教师用）",
		"tagline": "课程（教师用）。",
		"heading": "课程",
		"intro": "每课由若干卡片组成，排在网页或其实验室的画面下方：一段短文、" +
			"一个代入当前数值的公式、一个设置画面的按钮、一道可由画面验证的题目。",
		"present": "上课时按“投影”：配方隐藏，字号放大，方向键翻卡片，Esc 退出。" +
			"卡片的二维码可让全班直达。网页用过一次之后，上课无需联网；实验室的那一课，还须先打开过实验室。",
		"aims":       "目标：",
		"minutes":    "分钟",
		"question":   "题目",
		"answer":     "答案",
		"sum":        "全部课程：",
		"other":      "English",
		"other.tag":  "en",
		"other.page": "lessons.html",
	},
}

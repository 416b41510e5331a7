// Package lessons reads the course of the page: web/learn/lessons has one plain file for each
// lesson and language, 1.en.md and 1.zh.md. It holds every card to what the page can show and
// check, and makes of them the data of web/learn/lessons.js and of web/lab/lessons.js, and a page
// to print for teachers.
//
// A file begins with what is said of the lesson. Then follow its cards, each with its number and
// title, its fields, one on a line, and its text:
//
//	title: Noise
//	aims: Students write a noisy picture as a sum, and say what its two weights do.
//	minutes: 15
//
//	## 1.1 A picture and noise
//	recipe: m=digits&c=7&s=3&steps=20
//	view: forward&views=xt
//	step: 11
//	formula: jump
//	equations: Luo 70, DDPM 4
//	check: half
//	answer: 11
//
//	A picture and Gaussian noise are mixed …
//
//	question: At which level …?
//	why: …
//
// A card of the lab has its address in the place of recipe, view and step, and is shown there:
//
//	lab: ?layers=data,score#d=moons&steps=600
//
// A question is answered with a number, or has choices, one on a line, "- yes: All of them". A text
// may hold symbols, {xt}. The English file alone has the fields that do not depend on a language:
// minutes of the lesson, and of a card all but question, choices and why.
package lessons

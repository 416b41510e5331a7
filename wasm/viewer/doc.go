// Viewer is the Ebitengine program of the stage: it draws what package view
// holds. It lives in a document of its own, web/viewer/frame.html, because Ebitengine
// appends its canvas to the body and takes the keyboard; the page frames that
// document and passes pictures to it by calling the functions that main
// leaves in the global object `viewer`:
//
//	begin({steps, images, channels, height, width, columns})  a new run
//	frame(step, image, xt, x0, epsilon, change)  one picture, each a Uint8Array of [H,W,C]
//	views(view, …)               what to show of a step, by the numbers of package view
//	show(step)                   go back to a step, 0 follows the run; returns the step shown
//	colours(stage, empty, mark)  0xRRGGBB each
//	drawn(callback)              calls back once what was passed so far is drawn
//
// When it cannot go on it calls the global function viewerEnded with a sentence.
//
// begin and frame return an empty text, or a sentence that says what is wrong.
// Nothing is drawn while nothing changes. All text on the stage is HTML.
package main

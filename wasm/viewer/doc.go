// Viewer is the Ebitengine program of the stage: it draws what package view
// holds. It lives in a document of its own, web/viewer/frame.html, because Ebitengine
// appends its canvas to the body and takes the keyboard; the page frames that
// document and passes pictures to it by calling the functions that main
// leaves in the global object `viewer`:
//
//	sides(runs, difference, clock, memory)  how many runs are compared, 1 or 2; whether their
//	                              difference is shown; which run gives the time, 0 or 1; how many
//	                              bytes of earlier steps both may keep
//	begin(side, {steps, images, channels, height, width, columns})  a new run of one side
//	frame(side, step, image, xt, x0, epsilon, change)  one picture of one step; the last four are
//	                              Uint8Arrays of [H,W,C]
//	hold(side, step)              makes room for a step that is not kept, whose frames follow
//	views(view, …)                which views to show, in order, by the numbers of package view
//	show(side, step)              goes to a step, 0 follows the run; returns the shown step
//	fade(side, step, part)        mixes the shown step with another, part of 256 its own
//	look(scale, x, y, smooth)     the camera, and whether pixels are smoothed
//	colours(stage, empty, mark)   0xRRGGBB each
//	drawn(callback)               calls back once everything that was passed so far is drawn
//
// begin and frame return an empty text, or a sentence that says what is wrong. If the program
// cannot go on it calls the global function viewerEnded with a sentence. It draws only after a
// change. All text on the stage is HTML.
package main

// Viewer is the Ebitengine program of the stage, the page's and the lab's. It has
// its own document, web/viewer/frame.html, because Ebitengine appends its canvas
// to the body and takes the keyboard; the page frames that document and calls the
// functions that main leaves in the global object `viewer`:
//
//	draw(background, width, height, marks, pixels)
//	                 what the stage shows from now on. background: 0xRRGGBB; width and height
//	                 of each picture; marks: Int32Array of [marks, 11], as web/stage/packed.js
//	                 says; pixels: Uint8Array of [new pictures, height, width, RGBA]
//	plane(ints, floats)
//	                 the same of the lab's stage: Int32Array and Float32Array of a scene, as
//	                 web/lab/packed.js says
//	drawn(callback)  calls back once everything that was passed so far is drawn
//
// What is drawn, and where, is the page's to say: it has to draw the same before
// this program has arrived. draw and plane return an empty text, or a sentence
// that says what is wrong. If the program cannot go on it calls the global
// function viewerEnded with a sentence. It draws only after a change. All text on
// the stage is HTML.
package main

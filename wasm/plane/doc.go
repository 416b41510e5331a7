// Package plane draws the lab's stage with Ebitengine: a Scene of web/lab/scene.d.ts. It is part
// of the program in wasm/viewer, whose document the lab frames as the first page does.
//
// A scene comes as two arrays of numbers, which web/lab/packed.js writes and scene.go reads. The
// points of the plane become vertices here, since Ebitengine's shaders see only pixels: marks.go
// has the forms, and mesh.go gathers them into batches. The files that draw are for browsers
// only; all others are tested natively.
package plane

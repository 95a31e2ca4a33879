/**
 * Runs on the browser's audio thread: gathers what the microphone gives into pieces of a fifth of a second and hands them to the
 * page. It stands here as it is, since a worklet is loaded by its address and may import nothing of the page's.
 */
class Capture extends AudioWorkletProcessor {
  constructor() {
    super();
    this.piece = new Float32Array(Math.round(sampleRate / 5));
    this.filled = 0;
    this.port.onmessage = () => {
      this.port.postMessage(this.piece.slice(0, this.filled));
      this.filled = 0;
    };
  }

  process(inputs) {
    const heard = inputs[0]?.[0];
    if (!heard) return true;
    for (const sample of heard) {
      this.piece[this.filled] = sample;
      this.filled += 1;
      if (this.filled === this.piece.length) {
        this.port.postMessage(this.piece.slice());
        this.filled = 0;
      }
    }
    return true;
  }
}

registerProcessor('reme-capture', Capture);

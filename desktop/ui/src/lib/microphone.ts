/** The browser's microphone as pieces of samples. What is heard goes to the companion on this machine and nowhere else. */
import { RATE_HZ, resampled } from './sound.ts';

/** Why there is no sound: `none` here, `denied` by the person, `unsupported` by the browser (a page that is no secure context). */
export class MicrophoneTrouble extends Error {
  readonly code: 'none' | 'denied' | 'unsupported';
  constructor(code: 'none' | 'denied' | 'unsupported') {
    super(code);
    this.code = code;
  }
}

export interface Microphone {
  /** Ends it; what was still being gathered is given first. */
  close: () => Promise<void>;
}

/** A piece that does not come in this time will not come, ms. */
const LAST_PIECE_MS = 300;

async function stream(): Promise<MediaStream> {
  // A page that is no secure context has no `mediaDevices`, whatever the types say.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!isSecureContext || devices === undefined) throw new MicrophoneTrouble('unsupported');
  try {
    return await devices.getUserMedia({ audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true, autoGainControl: true } });
  } catch (thrown) {
    const name = thrown instanceof DOMException ? thrown.name : '';
    throw new MicrophoneTrouble(name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'none');
  }
}

/** The browser brings the sound to our rate where it can; some can only give the device's own. */
function contextFor(source: MediaStream): { context: AudioContext; node: MediaStreamAudioSourceNode } {
  let context = new AudioContext({ sampleRate: RATE_HZ });
  try {
    return { context, node: context.createMediaStreamSource(source) };
  } catch {
    void context.close();
    context = new AudioContext();
    return { context, node: context.createMediaStreamSource(source) };
  }
}

/** Opens it; `onsamples` gets 16 kHz, one channel, −1…1, a fifth of a second at a time. */
export async function openMicrophone(onsamples: (samples: Float32Array) => void): Promise<Microphone> {
  const source = await stream();
  const close = (context: AudioContext | null): void => {
    for (const track of source.getTracks()) track.stop();
    void context?.close();
  };
  let context: AudioContext | null = null;
  try {
    const made = contextFor(source);
    context = made.context;
    await context.audioWorklet.addModule('/capture.js');
    const worklet = new AudioWorkletNode(context, 'reme-capture', { numberOfOutputs: 0 });
    const rate = context.sampleRate;
    let ended: (() => void) | null = null;
    worklet.port.onmessage = (event: MessageEvent<Float32Array>) => {
      onsamples(resampled(event.data, rate, RATE_HZ));
      ended?.();
    };
    made.node.connect(worklet);
    await context.resume();
    const open = context;
    return {
      close: async () => {
        const last = new Promise<void>((go) => {
          ended = go;
          setTimeout(go, LAST_PIECE_MS);
        });
        worklet.port.postMessage('the rest');
        await last;
        worklet.port.onmessage = null;
        close(open);
      },
    };
  } catch (thrown) {
    close(context);
    throw thrown instanceof MicrophoneTrouble ? thrown : new MicrophoneTrouble('unsupported');
  }
}

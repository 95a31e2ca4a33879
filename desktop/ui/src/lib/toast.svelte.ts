/** One quiet message at the foot of the carer's screens, with a way back. It stays until it is answered or replaced: no time limit. */

export interface Toast {
  text: string;
  undo?: () => Promise<void>;
}

class Toasts {
  now = $state.raw<Toast | null>(null);

  tell(text: string, undo?: () => Promise<void>): void {
    this.now = undo === undefined ? { text } : { text, undo };
  }

  clear(): void {
    this.now = null;
  }
}

export const toasts = new Toasts();

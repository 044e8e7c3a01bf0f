/** Who is given the items of a stream without asking for each. */
export interface Sink<Item> {
  /** Takes an item; false when nothing more may come until `resume` is called. */
  push(item: Item): boolean;
  /** Nothing more comes: the stream has ended or was stopped; with an error when it could not be read. */
  end(error?: unknown): void;
}

/** The other end of a sink. */
export interface Flow {
  /** The sink takes items again. */
  resume(): void;
  /** Gives nothing more and calls `end` once, however often it is called. */
  stop(): void;
}

/** A stream that goes on: iterate over it, or have it pushed, not both. */
export interface PushStream<Item> extends AsyncIterableIterator<Item> {
  /** Gives every item to the sink, in place of iterating. The sink's `end` is called when the stream has ended. */
  pushTo(sink: Sink<Item>): Flow;
}

/** True for a stream that can be pushed. */
export function isPushStream(value: object): value is PushStream<object> {
  return 'pushTo' in value && Symbol.asyncIterator in value;
}

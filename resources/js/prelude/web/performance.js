// performance.now, mark, measure and their entries. The clock is monotonic, the host's, in milliseconds with fractions.
(function installPerformance(web) {
  'use strict';
  const { EventTarget, host, list } = web;
  const { freeze } = Object;
  const NOTHING = freeze({ __proto__: null });

  let making = false;
  let structured = (value) => value; // structuredClone, once that part has run
  web.copyDetailsBy = (copy) => { structured = copy; };

  class PerformanceEntry {
    #name; #type; #start; #duration;

    constructor(name, type, start, duration) {
      if (!making) throw web.typeError('Illegal constructor', PerformanceEntry);
      this.#name = name;
      this.#type = type;
      this.#start = start;
      this.#duration = duration;
    }

    get name() { return this.#name; }
    get entryType() { return this.#type; }
    get startTime() { return this.#start; }
    get duration() { return this.#duration; }
    toJSON() {
      return { name: this.#name, entryType: this.#type, startTime: this.#start, duration: this.#duration };
    }
  }

  function make(Kind, name, type, start, duration, detail) {
    making = true;
    try {
      return new Kind(name, type, start, duration, detail);
    } finally {
      making = false;
    }
  }

  const detailOf = (options) => (options?.detail === undefined ? null : structured(options.detail));

  class PerformanceMark extends PerformanceEntry {
    #detail;

    constructor(name, options = undefined) {
      const internal = making;
      if (!internal && arguments.length < 1) throw web.typeError("Failed to construct 'PerformanceMark': 1 argument required", PerformanceMark);
      const start = options?.startTime === undefined ? host.now() : +options.startTime;
      if (!(start >= 0)) throw web.typeError(`'${start}' is no time stamp`, PerformanceMark);
      const detail = detailOf(options);
      making = true;
      try {
        super(`${name}`, 'mark', start, 0);
      } finally {
        making = internal;
      }
      this.#detail = detail;
    }

    get detail() { return this.#detail; }
  }

  class PerformanceMeasure extends PerformanceEntry {
    #detail;

    constructor(name, type, start, duration, detail) {
      super(name, type, start, duration);
      this.#detail = detail;
    }

    get detail() { return this.#detail; }
  }

  class Performance extends EventTarget {
    #entries = list();

    constructor() {
      if (!making) throw web.typeError('Illegal constructor', Performance);
      super();
    }

    get timeOrigin() { return host.timeOrigin; }
    now() { return host.now(); }

    mark(name, options = undefined) {
      if (arguments.length < 1) throw web.typeError("Failed to execute 'mark': 1 argument required", this.mark);
      const mark = this.#add(new PerformanceMark(name, options));
      host.mark(`\0performance.mark ${host.now() - mark.startTime} ${mark.name}`);
      return mark;
    }

    measure(name, startOrOptions = undefined, endMark = undefined) {
      if (arguments.length < 1) throw web.typeError("Failed to execute 'measure': 1 argument required", this.measure);
      const options = typeof startOrOptions === 'object' && startOrOptions !== null ? startOrOptions : NOTHING;
      const from = options === NOTHING ? startOrOptions : options.start;
      const to = options === NOTHING ? endMark : options.end;
      const length = options.duration;
      if (length !== undefined && from !== undefined && to !== undefined) {
        throw web.typeError("Failed to execute 'measure': start, end and duration can't all be given", this.measure);
      }
      const end = to !== undefined ? this.#time(to)
        : from !== undefined && length !== undefined ? this.#time(from) + +length : host.now();
      const start = from !== undefined ? this.#time(from) : length !== undefined ? end - +length : 0;
      return this.#add(make(PerformanceMeasure, `${name}`, 'measure', start, end - start, detailOf(options)));
    }

    getEntries() { return this.#chosen(() => true); }
    getEntriesByType(type) { return this.#chosen((entry) => entry.entryType === `${type}`); }
    getEntriesByName(name, type = undefined) {
      return this.#chosen((entry) => entry.name === `${name}` && (type === undefined || entry.entryType === `${type}`));
    }

    clearMarks(name = undefined) { this.#clear('mark', name); }
    clearMeasures(name = undefined) { this.#clear('measure', name); }
    toJSON() { return { timeOrigin: this.timeOrigin }; }

    // Sorted by start: most come in order, so each sinks from the end.
    #add(entry) {
      const entries = this.#entries;
      let index = entries.length;
      const { startTime } = entry;
      for (; index > 0 && entries[index - 1].startTime > startTime; index -= 1) entries[index] = entries[index - 1];
      entries[index] = entry;
      return entry;
    }

    #time(mark) {
      if (typeof mark === 'number') {
        if (!(mark >= 0)) throw web.typeError(`'${mark}' is no time stamp`, this.measure);
        return mark;
      }
      const name = `${mark}`;
      for (let index = this.#entries.length - 1; index >= 0; index -= 1) {
        const entry = this.#entries[index];
        if (entry.entryType === 'mark' && entry.name === name) return entry.startTime;
      }
      throw web.exception('SyntaxError', `The mark '${name}' does not exist.`, this.measure);
    }

    #chosen(wanted) {
      const found = [];
      for (let index = 0; index < this.#entries.length; index += 1) {
        if (wanted(this.#entries[index])) web.append(found, this.#entries[index]);
      }
      return found;
    }

    #clear(type, name) {
      const kept = list();
      for (let index = 0; index < this.#entries.length; index += 1) {
        const entry = this.#entries[index];
        if (entry.entryType !== type || (name !== undefined && entry.name !== `${name}`)) kept[kept.length] = entry;
      }
      this.#entries = kept;
    }
  }

  web.exposeClass('PerformanceEntry', PerformanceEntry);
  web.exposeClass('PerformanceMark', PerformanceMark);
  web.exposeClass('PerformanceMeasure', PerformanceMeasure);
  web.exposeClass('Performance', Performance);
  web.expose('performance', make(Performance));
})

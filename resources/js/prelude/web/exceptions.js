// DOMException: an Error of V8 (so that stacks, consoles and clones know it) with name and code.
(function installExceptions(web) {
  'use strict';
  const { defineProperty, setPrototypeOf } = Object;
  const { captureStackTrace } = Error;
  const ErrorHere = Error;
  const StringHere = String;

  function codeOf(name) {
    switch (name) {
      case 'IndexSizeError': return 1;
      case 'HierarchyRequestError': return 3;
      case 'WrongDocumentError': return 4;
      case 'InvalidCharacterError': return 5;
      case 'NoModificationAllowedError': return 7;
      case 'NotFoundError': return 8;
      case 'NotSupportedError': return 9;
      case 'InUseAttributeError': return 10;
      case 'InvalidStateError': return 11;
      case 'SyntaxError': return 12;
      case 'InvalidModificationError': return 13;
      case 'NamespaceError': return 14;
      case 'InvalidAccessError': return 15;
      case 'TypeMismatchError': return 17;
      case 'SecurityError': return 18;
      case 'NetworkError': return 19;
      case 'AbortError': return 20;
      case 'URLMismatchError': return 21;
      case 'QuotaExceededError': return 22;
      case 'TimeoutError': return 23;
      case 'InvalidNodeTypeError': return 24;
      case 'DataCloneError': return 25;
      default: return 0;
    }
  }

  // Private fields can be put on any object that a constructor's base returns.
  function Made(error) { return error; }
  setPrototypeOf(Made, null);

  class DOMException extends Made {
    #name;

    constructor(message = '', options = 'Error') {
      const text = `${message}`;
      super(new ErrorHere(text));
      const named = typeof options === 'object' && options !== null;
      this.#name = named ? StringHere(options.name ?? 'Error') : `${options}`;
      setPrototypeOf(this, new.target.prototype);
      if (named && 'cause' in options) {
        defineProperty(this, 'cause', { __proto__: null, value: options.cause, writable: true, configurable: true });
      }
      captureStackTrace(this, new.target);
    }

    get name() { return this.#name; }

    get code() { return codeOf(this.#name); }
  }
  setPrototypeOf(DOMException.prototype, ErrorHere.prototype);
  web.exposeClass('DOMException', DOMException);

  web.exception = (name, message, caller) => {
    const error = new DOMException(message, name);
    captureStackTrace(error, caller);
    return error;
  };
})

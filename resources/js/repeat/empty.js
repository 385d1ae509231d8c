(() => undefined)

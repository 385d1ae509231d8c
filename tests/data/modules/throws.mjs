throw new RangeError("inside");

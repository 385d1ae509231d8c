export const two = 2, both = "y";

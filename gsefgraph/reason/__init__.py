"""What follows from what is stated: rules, their fixed point, and proofs."""

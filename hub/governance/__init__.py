"""Where policy is administered (PAP): what a changed policy would have done with decisions of before."""

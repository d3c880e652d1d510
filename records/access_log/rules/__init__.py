"""One function for each way of abusing the video system; what they share stands in `base`."""

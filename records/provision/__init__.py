"""영상정보의 이용·제공 (ordinance art. 20, 21, 24; PIPA art. 18): an agency's letter, its approval, what went out and its end."""
